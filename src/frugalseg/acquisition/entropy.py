"""Predictive entropy: where the mean prediction is undecided."""

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


ENTROPY = by_pixel_score(predictive_entropy)
