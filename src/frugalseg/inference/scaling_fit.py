"""The temperature of a model, from the validation pixels that its ledger holds."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.data.ledger import RevealedMasks
from frugalseg.metrics.calibration import labeled_pixels
from frugalseg.metrics.temperature import fit_temperature

PIXELS = 2**18
"""About as many pixels, drawn from all images alike, fit one number well and fast."""


def validation_temperature(
    probabilities: Iterator[tuple[NDArray[np.int64], Tensor]],
    masks: RevealedMasks,
    count: int,
    rng: np.random.Generator,
) -> float:
    """Fit the temperature on validation images; 1 without any labeled pixel.

    Args:
        probabilities: rows of the stack, and n x K+1 x H x W.
        count: pixels of all these images, which says how many are left out.
        rng: draws which; every k-th pixel could be one column of each image.
    """
    share = min(1.0, PIXELS / max(count, 1))
    probs, target = [], []
    for rows, found in probabilities:
        known, classes = labeled_pixels(found.cpu().numpy(), masks[rows], IGNORE)
        drawn = rng.random(len(classes)) < share
        probs.append(known[drawn])
        target.append(classes[drawn])
    if not probs:
        return 1.0
    return fit_temperature(np.concatenate(probs), np.concatenate(target))
