"""Pseudo-masks with an ignore band, from activation maps and tags."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE


def allowed_classes(regions: NDArray[np.uint8], values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return where the tags of an image allow each class, bool, K x H x W.

    Args:
        regions: uint8, H x W, box of a pixel, or 255 where nothing was tagged.
        values: M x K, whether a box holds a class.
    """
    table = np.ones((256, values.shape[1]), bool)
    table[: len(values)] = values > 0
    return np.moveaxis(table[regions], -1, 0)


def pseudo_mask(
    maps: NDArray[np.float32], allowed: NDArray[np.bool_], *, low: float, high: float
) -> NDArray[np.uint8]:
    """Turn the maps of an image into a mask by two thresholds; pixels between them are ignored.

    Args:
        maps: float32, K x H x W, in [0, 1].
        allowed: K x H x W; a class that the tags exclude is background however high its map.
        low: below it everything is background. high: from it on the strongest class wins.

    Returns:
        uint8, H x W: 0 background, k class k, 255 ignored.
    """
    scores = np.where(allowed, maps, 0)
    strongest = scores.max(axis=0)
    mask = np.where(strongest >= high, scores.argmax(axis=0) + 1, IGNORE)
    mask[(strongest < low) | ~allowed.any(axis=0)] = 0
    return mask.astype(np.uint8)
