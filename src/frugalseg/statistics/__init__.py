"""Paired statistics over seeds: which differences are real, and how sure that is.

Everything here takes tables and arrays and returns tables and arrays. The seed is the unit of
replication; images are never counted as independent runs.
"""
