"""The square windows of one image: their positions, their scores, and the choice among them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Floats
from frugalseg.core.boxes import Box, new_pixels
from frugalseg.settings.arm import RegionParams

_FINE = 2.0**26
_ROWS = 16


@dataclass(frozen=True)
class Windows:
    """The windows of one image, a grid of `ys` x `xs` first pixels.

    Attributes:
        ys, xs: int64, ascending; a stride apart, and one more at the rim if pixels are left.
        height, width: of every window; less than the region's size in a smaller image.
        stride: from one window to the next, in pixels.
    """

    ys: NDArray[np.int64]
    xs: NDArray[np.int64]
    height: int
    width: int
    stride: int

    def box(self, row: int, column: int) -> Box:
        """Return the box of the window at a row and column of the grid."""
        return int(self.ys[row]), int(self.xs[column]), self.height, self.width

    def place(self, box: Box) -> tuple[int, int]:
        """Return the row and column of the grid whose window is `box`."""
        return int(np.searchsorted(self.ys, box[0])), int(np.searchsorted(self.xs, box[1]))

    def touching(self, box: Box) -> tuple[slice, slice]:
        """Return the rows and columns of the grid whose windows share a pixel with `box`."""
        y, x, height, width = box
        return (
            slice(*np.searchsorted(self.ys, (y - self.height + 1, y + height)).tolist()),
            slice(*np.searchsorted(self.xs, (x - self.width + 1, x + width)).tolist()),
        )


def lay(extent: tuple[int, int], region: RegionParams) -> Windows:
    """Lay windows over all pixels of an image of height and width `extent`, without padding."""
    height, width = min(region.size, extent[0]), min(region.size, extent[1])
    ys, xs = (
        np.unique(np.append(np.arange(0, side - length + 1, region.stride), side - length))
        for side, length in zip(extent, (height, width), strict=True)
    )
    return Windows(ys, xs, height, width, region.stride)


def window_sums(scores: Floats, windows: Windows) -> NDArray[np.float64]:
    """Return the sum over every window, float64, len(ys) x len(xs), by prefix sums (Crow 1984).

    Args:
        scores: H x W, without padding, at most 8 in size; H x W at most 2**24.

    Scores are first rounded to multiples of 2**-26 (1.5e-8), which makes every sum exact in
    float64: windows of equal pixels tie, and a window of zeros scores zero.
    """
    sums = _across(scores, windows)
    out = np.empty((len(windows.ys), sums.shape[1]))
    running, first, last = np.zeros(sums.shape[1]), 0, 0
    for place, y in enumerate(windows.ys.tolist()):
        while last < y + windows.height:
            running += sums[last]
            last += 1
        while first < y:
            running -= sums[first]
            first += 1
        np.divide(running, _FINE, out=out[place])
    return out


def _across(scores: Floats, windows: Windows) -> NDArray[np.float64]:
    """Return sums over `width` neighbors in a row, in units of 1 / _FINE, H x len(xs)."""
    rows, columns = scores.shape
    inner = slice(0, columns - windows.width + 1, windows.stride)
    regular = len(range(*inner.indices(columns)))
    sums = np.empty((rows, len(windows.xs)))
    fine, prefix = np.empty((_ROWS, columns)), np.zeros((_ROWS, columns + 1))
    for y in range(0, rows, _ROWS):  # a few rows at a time stay in the processor's cache
        block = scores[y : y + _ROWS]
        count = len(block)
        np.rint(np.multiply(block, _FINE, out=fine[:count]), out=fine[:count])
        np.cumsum(fine[:count], axis=1, out=prefix[:count, 1:])
        filled = prefix[:count]
        ends = filled[:, windows.width :: windows.stride]
        np.subtract(ends, filled[:, inner], out=sums[y : y + count, :regular])
        sums[y : y + count, -1] = filled[:, -1] - filled[:, -1 - windows.width]
    return sums


def blocked(windows: Windows, bought: Iterable[Box]) -> NDArray[np.bool_]:
    """Return which windows share a pixel with a bought box, bool, len(ys) x len(xs)."""
    shared = np.zeros((len(windows.ys), len(windows.xs)), bool)
    for box in bought:
        shared[windows.touching(box)] = True
    return shared


def pick_apart(
    keys: NDArray[np.float64], windows: Windows, limit: int, rng: np.random.Generator
) -> list[tuple[float, Box]]:
    """Choose windows greedily by key so that none share a pixel; ties at random.

    Args:
        keys: len(ys) x len(xs); -inf for a window that cannot be bought.
    """
    left = keys.copy()
    chosen: list[tuple[float, Box]] = []
    while len(chosen) < limit and (best := left.max()) > -np.inf:
        ties = np.flatnonzero(left == best)
        place = ties[rng.integers(len(ties))]
        box = windows.box(*np.unravel_index(place, left.shape))
        chosen.append((float(best), box))
        left[windows.touching(box)] = -np.inf
    return chosen


def pick_highest(
    keys: NDArray[np.float64],
    windows: Windows,
    limit: int,
    rng: np.random.Generator,
    bought: Iterable[Box] = (),
) -> list[tuple[float, Box]]:
    """Choose the windows with the highest keys, which may share pixels; ties at random.

    A window without any pixel that is new, neither bought nor chosen before, is left out.
    """
    flat = keys.ravel()
    taken, chosen = list(bought), list[tuple[float, Box]]()
    for place in np.lexsort((rng.random(flat.size), -flat)):
        if len(chosen) == limit or flat[place] == -np.inf:
            break
        box = windows.box(*np.unravel_index(place, keys.shape))
        if new_pixels(box, taken):
            taken.append(box)
            chosen.append((float(flat[place]), box))
    return chosen
