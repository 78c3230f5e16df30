"""BALD: where stochastic passes disagree, though each may be confident."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.entropy import predictive_entropy
from frugalseg.acquisition.ranking import by_pixel_score


def mutual_information(maps: Maps) -> NDArray[np.float32]:
    """Return H[p] - mean_t H[p_t] of the mean prediction p, H x W, nats, between 0 and H[p].

    Houlsby et al. (2011), eq. 2; with dropout Gal et al. (2017), section 4. Rounding
    errors below zero are set to zero.
    """
    entropy = predictive_entropy(maps)
    information: NDArray[np.float32] = np.clip(entropy - maps.expected_entropy, 0, entropy)
    return information


BALD = by_pixel_score(mutual_information, least_passes=2)
