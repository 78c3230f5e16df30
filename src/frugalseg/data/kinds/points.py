"""Points: one inside each object, and a few on the background (Bearman et al. 2016)."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.drawing import Area, Drawing, objects

BACKGROUND = 4
"""Points on the background of an image."""


def draw(mask: NDArray[np.uint8], rng: np.random.Generator) -> Drawing:
    """Draw points on a mask, uint8, H x W; each labels the pixel that it hits.

    The point of an object lies at least half as deep in it as its deepest pixel, since people aim
    at the middle. Those of the background lie anywhere, if possible not next to an object.
    """
    target = np.full(mask.shape, IGNORE, np.uint8)
    marks = 0
    for value, box, area in objects(mask):
        inside = depth(area)
        target[box].flat[rng.choice(np.flatnonzero(inside >= inside.max() / 2))] = value
        marks += 1
    background = mask == 0
    clear = background & ~ndimage.binary_dilation((mask > 0) & (mask != IGNORE), iterations=2)
    places = np.flatnonzero(clear if clear.any() else background)
    hit = rng.choice(places, min(BACKGROUND, len(places)), replace=False)
    target.flat[hit] = 0
    return Drawing(target, marks + len(hit))


def depth(area: Area) -> NDArray[np.float64]:
    """Return the distance of each pixel of an area, H x W, to the nearest one outside of it.

    What lies beyond the array counts as outside.
    """
    distance: NDArray[np.float64] = ndimage.distance_transform_edt(np.pad(area, 1))
    return distance[1:-1, 1:-1]
