"""Values that several packages agree on."""

IGNORE = 255
"""Mask value of a pixel without a label: padding, the ignore band, a pixel that was not bought."""
DRAWN = 255
"""Value of the one class in mask files that people draw, and that `frugalseg masks` writes."""
UNLABELED = 127
"""Value beside `DRAWN`, in files that `frugalseg masks` writes, of a pixel without a label."""
