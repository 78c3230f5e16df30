"""A picture of where a model is unsure: the image, its uncertainty as heat, its prediction."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import find_boundaries

from frugalseg.core.boxes import Box

HEAT = np.array([(255, 255, 0), (255, 96, 0), (214, 0, 64)], np.float64)
"""RGB of little, middling and most uncertainty."""
OUTLINE, FRAME = (0, 229, 255), (255, 255, 255)


def draw_overlay(
    image: NDArray[np.uint8],
    scores: NDArray[np.float32],
    preds: NDArray[np.uint8],
    boxes: Sequence[Box] = (),
    *,
    most: float,
) -> NDArray[np.uint8]:
    """Return uint8, H x W x 3: the more uncertain a pixel, the more of it is heat.

    Args:
        image: uint8, H x W x 1 or 3, shown in gray. scores: H x W, from 0 to `most`.
        preds: uint8, H x W; the outline of what is predicted is cyan. boxes: framed in white.
    """
    gray = image.mean(axis=2, keepdims=True)
    share = np.clip(scores / (most or 1.0), 0, 1)
    position, steps = share * (len(HEAT) - 1), np.arange(len(HEAT))
    heat = np.stack([np.interp(position, steps, channel) for channel in HEAT.T], -1)
    strength = np.sqrt(share)[..., None] * 0.8  # a little uncertainty has to be seen too
    painted = (1 - strength) * gray + strength * heat
    painted[find_boundaries(preds, mode="inner", background=0)] = OUTLINE
    for y, x, height, width in boxes:
        painted[[y, y + height - 1], x : x + width] = FRAME
        painted[y : y + height, [x, x + width - 1]] = FRAME
    picture: NDArray[np.uint8] = painted.round().astype(np.uint8)
    return picture
