"""Metrics: pure functions of per-image counts, confusion, calibration, and matched objects."""
