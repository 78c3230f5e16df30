"""What made every output, kept in git, and outputs made to agree with it."""
