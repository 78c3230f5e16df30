"""Choosing the threshold of a binary prediction from histograms of its probabilities."""

import numpy as np
from numpy.typing import NDArray

BINS = 100


def probability_histogram(
    probs: NDArray[np.float32], target: NDArray[np.uint8], ignore: int
) -> NDArray[np.int64]:
    """Count labeled pixels by probability.

    Args:
        probs: foreground probability in [0, 1], any shape.
        target: the same shape; 0, 1 or `ignore`.

    Returns:
        int64, 2 x BINS: of background and of foreground pixels; bin b holds [b, b + 1) / BINS, and
        the last one 1 too.
    """
    valid = target != ignore
    bins = np.minimum((probs[valid] * BINS).astype(np.int64), BINS - 1)
    pairs = (target[valid] > 0) * BINS + bins
    return np.bincount(pairs, minlength=2 * BINS).reshape(2, BINS).astype(np.int64)


def dice_by_threshold(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the pooled Dice of `probability >= b / BINS` for every bin b; NaN if none is."""
    above = histogram[:, ::-1].cumsum(axis=1)[:, ::-1]
    positives = histogram[1].sum()
    if not positives:
        return np.full(BINS, np.nan)
    scores: NDArray[np.float64] = 2 * above[1] / (above.sum(axis=0) + positives)
    return scores


def best_threshold(histogram: NDArray[np.int64]) -> tuple[float, float]:
    """Return the threshold of the highest pooled Dice, and that Dice.

    Of several the nearest to 0.5 is returned; without foreground it is 0.5, and the Dice NaN. The
    threshold 0, which predicts everything, is left out.
    """
    scores = dice_by_threshold(histogram)[1:]
    if np.isnan(scores).all():
        return 0.5, float("nan")
    thresholds = np.arange(1, BINS) / BINS
    ties = np.flatnonzero(scores == scores.max())
    best = ties[np.argmin(np.abs(thresholds[ties] - 0.5))]
    return float(thresholds[best]), float(scores[best])
