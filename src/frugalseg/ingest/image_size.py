"""`image_size: auto`: a size that follows from the images and from the thinnest defects.

In the spirit of nnU-Net (Isensee et al., Nature Methods 2021), whose input size follows from the
median image and a limit of memory: the median image, shrunk as far as thin defects allow. The
same files give the same size on any machine.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask import masks
from frugalseg.ingest.mask.masks import MaskRule
from frugalseg.ingest.prepare import ordered_map
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.sample import Item
from frugalseg.settings.dataset import MOST_PIXELS

SHORT_SIDE = 256
"""Pixels of the short side where no defect needs more."""
LEAST_SIDE = 128
"""Pixels of a side; smaller images are enlarged to it. Encoders halve an image five times."""
VISIBLE = 2.0
"""Pixels that the width of a thin defect keeps."""
THIN = 10
"""Percentile of the widths of all defects that counts as thin."""
SPECK = 9
"""Pixels below which a connected part of a mask is taken for noise."""
MASKS = 200
"""Most masks that are measured, evenly spread over the data set."""
MULTIPLE = 32


class ChosenSize(NamedTuple):
    """A height and width, why, and whether thin defects keep fewer pixels than `VISIBLE`."""

    size: tuple[int, int]
    reason: str
    is_coarse: bool


def defect_widths(foreground: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the width in pixels of each defect of a mask; specks are left out.

    Pixels of a strip are on average a quarter of its width away from its rim. The distance
    transform measures to the center of the nearest background pixel, half a pixel farther.

    Args:
        foreground: H x W. Its connected parts (8 neighbors) are the defects.

    >>> line = np.zeros((20, 20), bool)
    >>> line[8:12] = True
    >>> defect_widths(line).tolist()
    [4.0]
    """
    parts, count = ndimage.label(foreground, np.ones((3, 3), int))
    if not count:
        return np.zeros(0)
    numbers = np.arange(1, count + 1)
    # the border of an image is no rim: a strip that crosses it keeps its width
    padded = np.pad(foreground, 1, mode="edge")
    distances = ndimage.distance_transform_edt(padded)[1:-1, 1:-1] - 0.5
    areas = ndimage.sum_labels(foreground, parts, numbers)
    widths = 4 * np.asarray(ndimage.mean(distances, parts, numbers), np.float64)
    return widths[areas >= SPECK]


def choose_size(shapes: Sequence[tuple[int, int]], widths: NDArray[np.float64]) -> ChosenSize:
    """Return a size in multiples of 32 for images of these shapes with defects of these widths.

    The short side of the median image shrinks to `SHORT_SIDE`, but not so far that thin defects
    keep less than `VISIBLE` pixels of their width. `MOST_PIXELS` comes before both.

    Args:
        shapes: height and width of each image, at least one.
        widths: of defects, in pixels of the images; may be empty.
    """
    height, width = np.median(np.array(shapes, float), axis=0)
    short = min(height, width)
    thin = float(np.percentile(widths, THIN)) if len(widths) else np.inf
    wanted = min(1.0, max(SHORT_SIDE / short, VISIBLE / thin))
    scale = min(wanted, np.sqrt(MOST_PIXELS / (height * width)))
    rounding = np.floor if scale < wanted else np.rint
    sides = [
        max(LEAST_SIDE, MULTIPLE * int(rounding(side * scale / MULTIPLE)))
        for side in (height, width)
    ]
    longest = MOST_PIXELS // min(sides) // MULTIPLE * MULTIPLE
    sides = [min(side, longest) for side in sides]
    kept = thin * min(sides[0] / height, sides[1] / width)
    reasons = [f"the median image is {height:.0f} x {width:.0f} pixels"]
    if len(widths):
        reasons += [f"thin defects are {thin:.1f} pixels wide and keep {kept:.1f}"]
    if scale < wanted:
        reasons += [f"larger ones would exceed {MOST_PIXELS:,} pixels"]
    return ChosenSize(
        (sides[0], sides[1]), "; ".join(reasons), bool(kept < min(VISIBLE, thin) - 0.5)
    )


def measure_masks(
    dataset: Reader, items: Sequence[Item], rule: MaskRule, threads: int
) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
    """Return the shapes of masks, which are those of their images, and the widths of all defects.

    Masks of an official test split are left out, as long as there are others, and so are masks that
    cannot be read: `prepare` names them.
    """

    def measure(item: Item) -> tuple[tuple[int, int], NDArray[np.float64]] | None:
        with suppress(FrugalsegError):
            if (raw := dataset.load_mask(item)) is not None:
                mask = masks.apply(rule, raw, item)
                return (mask.shape[0], mask.shape[1]), defect_widths((mask > 0) & (mask < IGNORE))
        return None

    labeled = [item for item in items if item.mask is not None]
    usable = [item for item in labeled if item.split != "test"] or labeled
    places = np.linspace(0, len(usable) - 1, min(MASKS, len(usable))).round().astype(int)
    chosen = [usable[place] for place in places]
    pairs = [pair for pair in ordered_map(measure, chosen, threads) if pair is not None]
    widths = [np.zeros(0), *(widths for _, widths in pairs)]
    return [shape for shape, _ in pairs], np.concatenate(widths)
