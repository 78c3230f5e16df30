"""Margin: how close the second most probable class comes to the first."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.ranking import by_pixel_score


def margin(maps: Maps) -> NDArray[np.float32]:
    """Return 1 - (p_1 - p_2) of the two most probable classes, H x W, in [0, 1]; high is close.

    Scheffer et al. (2001), reversed so that a higher score is more uncertain. With two classes it
    is twice the variation ratio.
    """
    highest = np.partition(maps.probs, -2, axis=0)[-2:]
    closeness: NDArray[np.float32] = 1 - (highest[1] - highest[0])
    return closeness


MARGIN = by_pixel_score(margin)
