"""Boxes: the bounding box of each object. All that lies outside of them is background."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.drawing import Drawing, objects


def draw(mask: NDArray[np.uint8], rng: np.random.Generator) -> Drawing:
    """Draw the tight box of each object of a mask, uint8, H x W; a mark is a box.

    Nothing is known of the pixels in a box, except that the object touches its four sides:
    `frugalseg.data.filled` guesses which of them it has.
    """
    target = np.where(mask == IGNORE, IGNORE, 0).astype(np.uint8)
    boxes = []
    for value, (rows, columns), _ in objects(mask):
        target[rows, columns] = IGNORE
        size = rows.stop - rows.start, columns.stop - columns.start
        boxes.append((value, (rows.start, columns.start, *size)))
    return Drawing(target, len(boxes), tuple(boxes))
