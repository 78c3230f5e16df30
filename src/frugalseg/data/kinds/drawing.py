"""What an annotator draws on an image, simulated from its mask."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.core.boxes import Box
from frugalseg.core.constants import IGNORE

Area = NDArray[np.bool_]


class Drawing(NamedTuple):
    """What the marks on one image tell.

    Attributes:
        target: uint8, H x W: 0 background, k class k, 255 where they tell nothing.
        marks: how many strokes, points or boxes were drawn.
        boxes: the class of each box that was drawn, and the box.
    """

    target: NDArray[np.uint8]
    marks: int
    boxes: tuple[tuple[int, Box], ...] = ()


def objects(mask: NDArray[np.uint8]) -> Iterator[tuple[int, tuple[slice, slice], Area]]:
    """Yield every object: its class, the box around it, and its pixels in the box.

    Objects are the connected components of a class, 8 neighbors a pixel.

    Args:
        mask: uint8, H x W: 0 background, k class k, 255 ignored.
    """
    for value in np.unique(mask[(mask > 0) & (mask != IGNORE)]).tolist():
        components, _ = ndimage.label(mask == value, np.ones((3, 3)))
        for number, (rows, columns) in enumerate(ndimage.find_objects(components), 1):
            yield value, (rows, columns), components[rows, columns] == number
