"""Scores of pixels by how unsure the model is of them: entropy, margin, variation ratio, BALD."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.ranking import by_pixel_score


def predictive_entropy(maps: Maps) -> NDArray[np.float32]:
    """Return H[p] = -sum_c p_c ln p_c of the mean prediction p, H x W, in [0, ln C] nats.

    Shannon (1948); as an acquisition function of deep models Gal et al. (2017), section 4.
    """
    from scipy.special import entr  # here, as it takes 0.2 s and planning loads this module

    entropy: NDArray[np.float32] = entr(maps.probs).sum(axis=0)
    return entropy


def margin(maps: Maps) -> NDArray[np.float32]:
    """Return 1 - (p_1 - p_2) of the two most probable classes, H x W, in [0, 1]; high is close.

    Scheffer et al. (2001), reversed so that a higher score is more uncertain. With two classes it
    is twice the variation ratio.
    """
    highest = np.partition(maps.probs, -2, axis=0)[-2:]
    closeness: NDArray[np.float32] = 1 - (highest[1] - highest[0])
    return closeness


def variation_ratio(maps: Maps) -> NDArray[np.float32]:
    """Return 1 - max_c p_c of the mean prediction p, H x W, in [0, 1 - 1 / C].

    Freeman (1965); in this form Gal et al. (2017), section 4, and Li and Alstrom (2020).
    """
    ratio: NDArray[np.float32] = 1 - maps.probs.max(axis=0)
    return ratio


def mutual_information(maps: Maps) -> NDArray[np.float32]:
    """Return H[p] - mean_t H[p_t], H x W, nats: high where stochastic passes disagree (BALD).

    Between 0 and H[p] of the mean prediction p; rounding errors below zero are set to zero.
    Houlsby et al. (2011), eq. 2; with dropout Gal et al. (2017), section 4.
    """
    entropy = predictive_entropy(maps)
    information: NDArray[np.float32] = np.clip(entropy - maps.expected_entropy, 0, entropy)
    return information


ENTROPY = by_pixel_score(predictive_entropy)
MARGIN = by_pixel_score(margin)
VARIATION_RATIO = by_pixel_score(variation_ratio)
BALD = by_pixel_score(mutual_information, least_passes=2)
