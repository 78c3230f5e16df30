"""Boxes of pixels: (y, x, height, width), the first pixel and the extent."""

from collections.abc import Iterable

import numpy as np

Box = tuple[int, int, int, int]


def area(box: Box) -> int:
    """Return the number of pixels of a box."""
    return box[2] * box[3]


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share a pixel."""
    return all(
        one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )


def new_pixels(box: Box, bought: Iterable[Box]) -> int:
    """Return how many pixels of `box` lie outside all boxes in `bought`."""
    overlapping = [other for other in bought if overlap(box, other)]
    if not overlapping:
        return area(box)
    y, x, height, width = box
    is_new = np.ones((height, width), bool)
    for top, left, rows, columns in overlapping:
        is_new[max(0, top - y) : top + rows - y, max(0, left - x) : left + columns - x] = False
    return int(is_new.sum())
