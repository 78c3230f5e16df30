"""The provenance of every output, kept in git, and outputs brought in line with it."""
