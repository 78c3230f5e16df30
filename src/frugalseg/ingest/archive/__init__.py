"""Untrusted archives: checked as a whole before a byte is written."""
