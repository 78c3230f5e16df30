"""Otsu's threshold of a histogram of 256 gray levels, and whether there is anything to split."""

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

MIN_CONTRAST = 64.0
"""Gray levels between the means of two populations; JPEG noise around one value stays below."""


def otsu_threshold(counts: NDArray[np.int64], *, exact_pair: bool = False) -> float | None:
    """Return Otsu's threshold (1979) of a histogram of gray levels; None for one population.

    Otsu's method splits anything, noise too, so the means of two populations have to differ by at
    least `MIN_CONTRAST`.

    Args:
        counts: int64, 256.
        exact_pair: split exactly two gray levels however close they are: masks of 0 and 1.
    """
    levels = np.flatnonzero(counts)
    if levels.size < 2:
        return None
    if levels.size == 2 and exact_pair:
        return float(levels.mean())
    gray = np.arange(256)
    threshold = float(threshold_otsu(hist=(counts, gray)))
    high, low = (
        np.average(gray[s], weights=counts[s]) for s in (gray > threshold, gray <= threshold)
    )
    return threshold if high - low >= MIN_CONTRAST else None


def separability(counts: NDArray[np.int64], threshold: float) -> float:
    """Return between-class over total variance at a threshold, in [0, 1] (Otsu 1979, eq. 12).

    0 where there is one class only.
    """
    levels, shares = np.arange(256), counts / counts.sum()
    above = levels > threshold
    weight, mean = shares[above].sum(), levels @ shares
    variance = (levels - mean) ** 2 @ shares
    if variance == 0 or weight in (0, 1):
        return 0.0
    between = (mean * weight - levels[above] @ shares[above]) ** 2 / (weight * (1 - weight))
    return min(1.0, float(between / variance))
