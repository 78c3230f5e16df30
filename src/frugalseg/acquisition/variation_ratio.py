"""Variation ratio: the probability that the winning class leaves to the others."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.ranking import by_pixel_score


def variation_ratio(maps: Maps) -> NDArray[np.float32]:
    """Return 1 - max_c p_c of the mean prediction p, H x W, in [0, 1 - 1 / C].

    Freeman (1965); in this form Gal et al. (2017), section 4, and Li and Alstrom (2020).
    """
    ratio: NDArray[np.float32] = 1 - maps.probs.max(axis=0)
    return ratio


VARIATION_RATIO = by_pixel_score(variation_ratio)
