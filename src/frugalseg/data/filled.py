"""Boxes filled by contrast: which of the pixels in a box look unlike the background around it."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from frugalseg.core.boxes import Box, area
from frugalseg.core.constants import IGNORE
from frugalseg.core.rows import Rows
from frugalseg.data.revealed import RevealedMasks

AROUND = 4
"""Pixels around a box whose background it is compared with."""
BAND = 0.5, 1.2
"""Between these multiples of the threshold a pixel is left without a label."""

Mask = NDArray[np.uint8]


class FilledMasks(RevealedMasks):
    """What a ledger reveals, and in boxes that were drawn a guess at the object's pixels."""

    def __init__(
        self, masks_path: Path, index: pd.DataFrame, ledger: pd.DataFrame, images: Rows
    ) -> None:
        """Take the `images` of the stack, uint8, N x H x W x C, beside its masks."""
        super().__init__(masks_path, index, ledger)
        self._images = images

    def __getitem__(self, rows: NDArray[np.int64]) -> Mask:
        """Return uint8 targets, len(rows) x H x W, of the stack's rows `rows`."""
        target = super().__getitem__(rows)
        for mask, row in zip(target, rows.tolist(), strict=True):
            if boxes := self.drawn_boxes(row):
                fill(mask, self._images[np.array([row])][0], boxes)
        return target


def fill(target: Mask, image: NDArray[np.uint8], boxes: tuple[tuple[int, Box], ...]) -> None:
    """Label the unlabeled pixels in boxes, in place, as object or background or not at all.

    Otsu's threshold splits the pixels of each box and of the background around it by the distance
    of their color from the median of that background. Where boxes overlap, an object is not taken
    for background.

    Args:
        target: uint8, H x W. image: uint8, H x W x C. boxes: the class of each, and the box.
    """
    free, background = target == IGNORE, target == 0
    values = image.astype(np.float64)
    for value, (top, left, height, width) in sorted(boxes, key=lambda one: -area(one[1])):
        box = slice(top, top + height), slice(left, left + width)
        near = (
            slice(max(0, top - AROUND), top + height + AROUND),
            slice(max(0, left - AROUND), left + width + AROUND),
        )
        around = values[near][background[near]]
        if not len(around):
            continue
        middle = np.median(around, axis=0)
        distance = np.linalg.norm(values[box] - middle, axis=-1)
        judged = np.append(distance, np.linalg.norm(around - middle, axis=-1))
        if not np.ptp(judged):
            continue
        split = threshold_otsu(judged)
        threshold = (judged[judged <= split].mean() + judged[judged > split].mean()) / 2
        inside = target[box]
        inside[free[box] & (distance >= BAND[1] * threshold)] = value
        inside[free[box] & (distance < BAND[0] * threshold) & (inside == IGNORE)] = 0
