"""Scribbles: a stroke through each object, and one through the background (Lin et al. 2016)."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.draw import line
from skimage.graph import MCP_Geometric
from skimage.morphology import skeletonize

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.drawing import Area, Drawing, objects
from frugalseg.data.kinds.points import depth

TRIM = 0.2
"""Largest share of a path that a stroke leaves out at each end."""
JITTER = 0.5
"""Largest deviation from the path in each direction, as a share of the depth there."""
BEND = 8
"""Pixels along a stroke from one deviation to the next; none is larger than half of it."""
SHY = 8.0
"""How much longer a path through the background is taken to be next to an object or the rim."""

Path = NDArray[np.int64]


def draw(mask: NDArray[np.uint8], rng: np.random.Generator) -> Drawing:
    """Draw strokes, one pixel wide, on a mask, uint8, H x W.

    The stroke of the background runs through its largest connected part.
    """
    target = np.full(mask.shape, IGNORE, np.uint8)
    marks = 0
    for value, box, area in objects(mask):
        target[box][stroke(area, centerline(area), rng)] = value
        marks += 1
    parts, count = ndimage.label(mask == 0)
    if count:
        largest = parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])
        target[stroke(largest, crossing(largest, rng), rng)] = 0
        marks += 1
    return Drawing(target, marks)


def stroke(area: Area, path: Path, rng: np.random.Generator) -> Area:
    """Return what a hand draws that follows a path, P x 2, in an area, H x W.

    It leaves out a random part at either end and deviates at random, but stays in the area.
    """
    first, last = (rng.random(2) * TRIM * len(path)).astype(int)
    path = path[first : len(path) - last]
    bends = np.arange(0, len(path) + BEND, BEND)
    aside = [
        np.interp(np.arange(len(path)), bends, rng.uniform(-1, 1, len(bends))) for _ in range(2)
    ]
    reach = (JITTER * (depth(area)[tuple(path.T)] - 1)).clip(0, BEND / 2)
    points = np.rint(path + np.stack(aside, axis=1) * reach[:, None]).astype(np.int64)
    drawn = np.zeros(area.shape, np.bool_)
    drawn[tuple(points[0])] = True
    for start, end in pairwise(points):
        drawn[line(*start, *end)] = True
    return drawn & area


def centerline(area: Area) -> Path:
    """Return the pixels, P x 2, along the skeleton of a connected area from end to end.

    Two searches, each for the pixel that is farthest away, find the longest path of a skeleton
    without loops.
    """
    skeleton = skeletonize(np.pad(area, 1))[1:-1, 1:-1]
    costs = np.where(skeleton, 1.0, -1.0)  # negative: no way through
    start = _farthest(costs, np.argwhere(skeleton)[0])[-1]
    return _farthest(costs, start)


def crossing(area: Area, rng: np.random.Generator) -> Path:
    """Return a path, P x 2, from a random pixel of a connected area to the farthest one."""
    costs = np.where(area, 1 + SHY / depth(area).clip(1), -1.0)
    return _farthest(costs, rng.choice(np.argwhere(area)))


def _farthest(costs: NDArray[np.float64], start: NDArray[np.int64]) -> Path:
    """Return the cheapest path from a pixel to the one that it costs most to reach."""
    search = MCP_Geometric(costs)
    total, _ = search.find_costs([start])
    end = np.unravel_index(np.argmax(np.where(np.isfinite(total), total, -1)), total.shape)
    return np.array(search.traceback(end), np.int64)
