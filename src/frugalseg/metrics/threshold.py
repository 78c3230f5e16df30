"""Choosing the threshold of a prediction from histograms of its foreground shares."""

import numpy as np
from numpy.typing import NDArray

BINS = 100


def share_histogram(
    shares: NDArray[np.float32],
    classes: NDArray[np.uint8],
    target: NDArray[np.uint8],
    *,
    count: int,
    ignore: int,
) -> NDArray[np.int64]:
    """Count labeled pixels by foreground class and share, see `models.predict.foreground`.

    Args:
        shares: in [0, 1], any shape.
        classes: 1 to `count`, the same shape. target: 0 to `count` or `ignore`, the same shape.

    Returns:
        int64, K x 2 x BINS: of pixels that would be called class k, those of another class and
        those of class k; bin b holds [b, b + 1) / BINS, and the last one 1 too.
    """
    valid = target != ignore
    bins = np.minimum((shares[valid] * BINS).astype(np.int64), BINS - 1)
    own = classes[valid].astype(np.int64)
    places = (2 * (own - 1) + (target[valid] == own)) * BINS + bins
    return np.bincount(places, minlength=2 * count * BINS).reshape(count, 2, BINS).astype(np.int64)


def dice_by_threshold(
    histogram: NDArray[np.int64], positives: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the Dice of `share >= b / BINS` for every bin b: the mean over the classes that occur.

    Args:
        histogram: see `share_histogram`. positives: int64, K, labeled pixels of each class.

    Returns:
        float64, BINS; NaN if no class occurs.
    """
    occurs = positives > 0
    if not occurs.any():
        return np.full(BINS, np.nan)
    above = histogram[occurs, :, ::-1].cumsum(axis=2)[:, :, ::-1]
    scores = 2 * above[:, 1] / (above.sum(axis=1) + positives[occurs, None])
    return np.asarray(scores.mean(axis=0))


def best_threshold(
    histogram: NDArray[np.int64], positives: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the threshold of the highest Dice, see `dice_by_threshold`, and that Dice.

    Of several the nearest to 0.5 is returned; without foreground it is 0.5, and the Dice NaN. The
    threshold 0, which predicts foreground everywhere, is left out.
    """
    scores = dice_by_threshold(histogram, positives)[1:]
    if np.isnan(scores).all():
        return 0.5, float("nan")
    thresholds = np.arange(1, BINS) / BINS
    ties = np.flatnonzero(scores == scores.max())
    best = ties[np.argmin(np.abs(thresholds[ties] - 0.5))]
    return float(thresholds[best]), float(scores[best])
