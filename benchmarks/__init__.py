"""What is fast, measured side by side with named peers in one run."""
