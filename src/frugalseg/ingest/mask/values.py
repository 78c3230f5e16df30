"""The set of values of one mask file, and of what kind it is."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.otsu import MIN_CONTRAST, otsu_threshold
from frugalseg.ingest.mask.raw import count_levels, is_lossy, to_gray

SOLID = 0.2
"""Share of the pixels between the darkest and the brightest value that lie amid equal neighbors,
above which they are codes. Measured: edges of magnetic tiles and cracks 0, glands at least .95."""
FEW = 5
"""Values up to which they are codes even if they fill no area, unless they are evenly spread."""
LISTED = 6
"""Values that are named one by one."""
WHITE = 128
MIXED = 0.1
"""Share of the edges between numbers two or more apart that have a number between on them, above
which it comes from interpolation. Disks of 2 to 10 classes: at most .01 as drawn or resized by
nearest neighbor; at least .15 by bilinear, bicubic and Lanczos interpolation to .4 to 2 times the
size."""


class Kind(StrEnum):
    """What the values of a mask file look like.

    Attributes:
        BLANK: 0 only. FLAT: one other value only.
        TWO: 0 and one other value. PAIR: two values without 0.
        CODES: several values that fill areas, such as numbers of classes or objects.
        GRAY: two groups of gray levels, with edges or noise between them.
        FAINT: one group of gray levels, such as the noise of an empty JPEG.
        COLOR: colors.
    """

    BLANK = "blank"
    FLAT = "flat"
    TWO = "two"
    PAIR = "pair"
    CODES = "codes"
    GRAY = "gray"
    FAINT = "faint"
    COLOR = "color"


_FEW_KINDS = {
    (False, True): Kind.BLANK,
    (True, False): Kind.FLAT,
    (True, True): Kind.TWO,
}
"""(holds another value than 0, holds 0) -> kind."""


@dataclass(frozen=True)
class MaskValues:
    """The values of a mask file.

    Attributes:
        levels: the distinct values as stored, rising; none of colors.
        top: the largest of them as a gray level 0..255, see `to_gray`; None if it is none.
        is_lossy: whether it is a JPEG or lossy WebP picture.
        is_logical: whether it has one bit a pixel.
        is_interpolated: whether class numbers were mixed by resizing, see `_are_mixed`.
    """

    kind: Kind
    levels: tuple[float, ...] = ()
    top: int | None = None
    is_lossy: bool = False
    is_logical: bool = False
    is_interpolated: bool = False

    def __str__(self) -> str:
        """Return the values in words."""
        if self.kind is Kind.COLOR:
            return "colors"
        if len(self.levels) <= LISTED:
            text = ", ".join(f"{level:g}" for level in self.levels)
        else:
            text = f"{len(self.levels)} values from {self.levels[0]:g} to {self.levels[-1]:g}"
        return text + " (one bit)" * self.is_logical + " (JPEG or WebP)" * self.is_lossy


def measure(
    raw: NDArray[Any], path: Path | None, *, by_area: bool = True, by_number: bool = True
) -> tuple[MaskValues, NDArray[np.int64] | None]:
    """Measure the values of a raw mask, see `read_mask`.

    Args:
        raw: H x W, or H x W x 3 for colors.
        path: its file, whose first bytes tell lossy formats; None without one.
        by_area: tell codes from gray levels by the areas that they fill; otherwise more than two
            values of a lossless file are codes.
        by_number: without `by_area`, also tell whether interpolation mixed these codes.

    Returns:
        The values, and the histogram of the gray levels, int64, 256; None if it has none.
    """
    try:
        gray = to_gray(raw)
        counts = count_levels(gray)
    except FrugalsegError:
        if raw.ndim == 3:
            return MaskValues(Kind.COLOR), None
        levels = np.sort(pd.unique(raw.ravel()))
        return MaskValues(_kind(raw, levels, None), tuple(levels.tolist())), None
    top = int(np.flatnonzero(counts)[-1])
    if raw.dtype == np.bool_:
        values = MaskValues(_FEW_KINDS[top > 0, not raw.all()], (0, 1), top, is_logical=True)
        return values, counts
    plane = gray if raw.ndim == 3 else raw
    is_gray = plane.dtype == np.uint8
    levels = np.flatnonzero(counts) if is_gray else np.sort(pd.unique(plane.ravel()))
    # two values far apart are two, whatever the format
    may_be_noise = len(levels) > 2 or 0 < top < MIN_CONTRAST
    lossy = may_be_noise and path is not None and is_lossy(path)
    if lossy:
        kind = Kind.FAINT if otsu_threshold(counts) is None else Kind.GRAY
    else:
        kind = _kind(plane, levels, counts if by_area else None)
    mixed = by_number and not by_area and len(levels) > 2 and _are_mixed(plane)
    return MaskValues(kind, tuple(levels.tolist()), top, lossy, is_interpolated=mixed), counts


def _kind(plane: NDArray[Any], levels: NDArray[Any], counts: NDArray[np.int64] | None) -> Kind:
    """Return the kind of a lossless mask."""
    if len(levels) <= 2:
        is_pair = len(levels) == 2 and levels[0] != 0
        return Kind.PAIR if is_pair else _FEW_KINDS[bool(levels.any()), bool(levels[0] == 0)]
    if counts is None or _solid_share(plane, levels) >= SOLID:
        return Kind.CODES
    if otsu_threshold(counts) is None:
        return Kind.FAINT
    return Kind.CODES if len(levels) <= FEW and not _is_evenly_spread(levels) else Kind.GRAY


def _solid_share(plane: NDArray[Any], levels: NDArray[Any]) -> float:
    """Return the share of the pixels between the extremes that are amid 3 x 3 equal ones."""
    between = (plane > levels[0]) & (plane < levels[-1])
    middle = plane[:, 1:-1]
    across = (middle == plane[:, :-2]) & (middle == plane[:, 2:])
    down = (middle[1:-1] == middle[:-2]) & (middle[1:-1] == middle[2:])
    solid = across[1:-1] & across[:-2] & across[2:] & down & between[1:-1, 1:-1]
    return np.count_nonzero(solid) / np.count_nonzero(between)


def _are_mixed(plane: NDArray[Any]) -> bool:
    """Say whether class numbers look as if interpolation had mixed them.

    An edge from class 0 to class 3 then has a line of class 1 or 2, one pixel wide, along it.
    """
    ramps = edges = 0
    for a, b, c in (
        (plane[:, :-2], plane[:, 1:-1], plane[:, 2:]),
        (plane[:-2], plane[1:-1], plane[2:]),
    ):
        low, high = np.minimum(a, c), np.maximum(a, c)
        is_edge = (high > low + 1) & (high < IGNORE)
        edges += int(np.count_nonzero(is_edge))
        ramps += int(np.count_nonzero(is_edge & (low < b) & (b < high)))
    return bool(ramps > MIXED * edges)


def _is_evenly_spread(levels: NDArray[Any]) -> bool:
    """Say whether levels are quarters of the largest, as of edges drawn at twice the size.

    Half of it alone is as often a class or "no label".
    """
    quarter = levels[-1] / 4
    nearest = np.clip(np.rint(levels[1:-1] / quarter), 1, 3) * quarter
    has_quarters = levels[-1] >= WHITE and len(levels) > 3
    return bool(has_quarters and (np.abs(levels[1:-1] - nearest) <= 1).all())
