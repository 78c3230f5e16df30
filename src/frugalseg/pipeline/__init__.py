"""Joining the stages: what each rule is told, and the entry that DVC calls."""
