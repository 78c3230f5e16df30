"""Archives that nobody vouches for: checked whole before a byte is written."""
