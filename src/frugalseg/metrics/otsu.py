"""A threshold for probabilities without any mask."""

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

BINS = 256


def otsu_probability(counts: NDArray[np.int64]) -> float:
    """Return Otsu's threshold (1979) of probabilities; 0.5 where there is one value or none.

    Args:
        counts: int64, `BINS` equal bins of [0, 1].

    Returns:
        The lower edge of the bin from which on a pixel is foreground, in (0, 1].
    """
    if np.count_nonzero(counts) < 2:
        return 0.5
    centers = np.arange(BINS)
    return float(threshold_otsu(hist=(counts, centers)) + 1) / BINS


def probability_counts(probs: NDArray[np.float32]) -> NDArray[np.int64]:
    """Count probabilities in [0, 1], of any shape, in `BINS` equal bins."""
    bins = np.minimum((probs.ravel() * BINS).astype(np.int64), BINS - 1)
    return np.bincount(bins, minlength=BINS).astype(np.int64)
