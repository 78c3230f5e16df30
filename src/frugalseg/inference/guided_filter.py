"""The guided filter: a map smoothed along the edges of its image."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

Image = NDArray[np.float64]


def guided_filter(guide: Image, source: Image, *, radius: int, epsilon: float) -> Image:
    """Filter `source` by a local linear model of `guide` (He, Sun and Tang 2013, eq. 5, 6 and 8).

    Args:
        guide: H x W, gray in [0, 1]. source: H x W, what is filtered.
        radius: of the square windows, in pixels. epsilon: variance of the guide below which a
            window counts as flat and is averaged.

    Returns:
        float64, H x W; beyond the rim both mirror.
    """
    size = 2 * radius + 1

    def mean(values: Image) -> Image:
        return np.asarray(uniform_filter(values, size, mode="reflect"), np.float64)

    guide, source = guide.astype(np.float64), source.astype(np.float64)
    mean_guide, mean_source = mean(guide), mean(source)
    variance = mean(guide * guide) - mean_guide**2
    slope = (mean(guide * source) - mean_guide * mean_source) / (variance + epsilon)
    offset = mean_source - slope * mean_guide
    return mean(slope) * guide + mean(offset)
