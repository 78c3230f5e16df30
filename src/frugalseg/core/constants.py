"""Values that several packages agree on."""

IGNORE = 255
"""Mask value of a pixel without a label: padding, the ignore band, a pixel that was not bought."""
