"""The square windows of one image: where they lie, what they score, which are chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Floats, Region
from frugalseg.core.boxes import Box, new_pixels

_FINE = 2.0**26
_ROWS = 16


@dataclass(frozen=True)
class Windows:
    """The windows of one image, a grid of `ys` x `xs` first pixels.

    Attributes:
        ys, xs: int64, ascending; a stride apart, and one more at the rim if that leaves pixels.
        height, width: of every window; less than the size asked for in a smaller image.
        stride: from one to the next.
    """

    ys: NDArray[np.int64]
    xs: NDArray[np.int64]
    height: int
    width: int
    stride: int

    def box(self, row: int, column: int) -> Box:
        """Return the box of the window at a place of the grid."""
        return int(self.ys[row]), int(self.xs[column]), self.height, self.width

    def place(self, box: Box) -> tuple[int, int]:
        """Return the place of the grid, row and column, whose window is `box`."""
        return int(np.searchsorted(self.ys, box[0])), int(np.searchsorted(self.xs, box[1]))

    def touching(self, box: Box) -> tuple[slice, slice]:
        """Return the places of the grid whose windows share a pixel with `box`."""
        y, x, height, width = box
        return _between(self.ys, y - self.height, y + height), _between(
            self.xs, x - self.width, x + width
        )


def lay(extent: tuple[int, int], region: Region) -> Windows:
    """Lay windows over the real pixels of an image: never over padding, and over all of them."""
    height, width = min(region.size, extent[0]), min(region.size, extent[1])
    ys, xs = (
        np.unique(np.append(np.arange(0, side - length + 1, region.stride), side - length))
        for side, length in zip(extent, (height, width), strict=True)
    )
    return Windows(ys, xs, height, width, region.stride)


def window_sums(scores: Floats, windows: Windows) -> NDArray[np.float64]:
    """Return the sum over every window, float64, len(ys) x len(xs), by prefix sums (Crow 1984).

    Args:
        scores: H x W, real pixels only, at most 8 in size; H x W at most 2**24.

    Scores are rounded to multiples of 2**-26 (1.5e-8) first: every sum is then exact in float64,
    so that windows of equal pixels tie, and one of zeros is zero.
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
    """Return the sums over `width` neighbors in a row, in units of 1 / _FINE, H x len(xs)."""
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
        known = prefix[:count]
        ends = known[:, windows.width :: windows.stride]
        np.subtract(ends, known[:, inner], out=sums[y : y + count, :regular])
        sums[y : y + count, -1] = known[:, -1] - known[:, -1 - windows.width]
    return sums


def blocked(windows: Windows, bought: Iterable[Box]) -> NDArray[np.bool_]:
    """Say of every window whether it shares a pixel with what was bought, len(ys) x len(xs)."""
    found = np.zeros((len(windows.ys), len(windows.xs)), bool)
    for box in bought:
        found[windows.touching(box)] = True
    return found


def pick_apart(
    keys: NDArray[np.float64], windows: Windows, limit: int, rng: np.random.Generator
) -> list[tuple[float, Box]]:
    """Choose windows greedily, highest key first, none sharing a pixel; ties at random.

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
    """Choose the windows of the highest keys, though they share pixels; ties at random.

    A window of which every pixel was bought, or is chosen with the ones before it, is left out.
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


def _between(starts: NDArray[np.int64], low: int, high: int) -> slice:
    """Return the places of those that lie above `low` and below `high`."""
    return slice(
        int(np.searchsorted(starts, low, side="right")),
        int(np.searchsorted(starts, high, side="left")),
    )
