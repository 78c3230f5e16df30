"""From the scores of pixels to the score of an image."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Aggregate, Floats


def aggregate(scores: Floats, how: Aggregate) -> float:
    """Return the score of an image.

    Args:
        scores: one a pixel that counts (no padding, nothing bought), of any shape, at least one.
        how: `sum`, `mean`, `max`, or `top_k`, the mean of the highest.

    Sums run over 64-bit numbers, whatever the pixels are.
    """
    flat: NDArray[np.float64] = np.asarray(scores, np.float64).ravel()
    if how.how == "sum":
        return float(flat.sum())
    if how.how == "max":
        return float(flat.max())
    if how.how == "mean":
        return float(flat.mean())
    count = how.top_k if isinstance(how.top_k, int) else round(how.top_k * flat.size)
    count = min(max(count, 1), flat.size)
    return float(np.partition(flat, flat.size - count)[flat.size - count :].mean())
