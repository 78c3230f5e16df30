"""Calibration of probabilities: sums over pixels in bins of confidence, and metrics of them.

One histogram a model is enough for every figure and metric: the bins are fine enough to be merged
to 10 or 15, and the proper scores are sums over all of them.
"""

from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.counts import Values, ratio

BINS = 30
"""Equal-width bins over [0, 1]; bin b holds [b, b + 1) / BINS, and the last one 1 too."""
FIELDS = ("count", "confidence", "correct", "brier", "nll")
"""What is summed over the pixels of a bin."""
KINDS = ("top1", "foreground")
"""What a pixel is binned by: the probability of its predicted class, or of any foreground."""
LEAST = 1e-7
"""Likelihoods below this are raised to it, so that one pixel does not make the NLL infinite."""


def labeled_pixels(
    probs: NDArray[np.float32], target: NDArray[np.uint8], ignore: int
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the probabilities (V x K+1) and classes (V) of the pixels that are not ignored.

    Args:
        probs: N x K+1 x H x W, background first. target: N x H x W.
    """
    valid = target != ignore
    return np.moveaxis(probs, 1, -1)[valid], target[valid]


def histograms(probs: NDArray[np.float32], target: NDArray[np.uint8]) -> Values:
    """Sum over pixels in bins of both kinds of confidence.

    The Brier score of a pixel is summed over all classes, so that it lies between 0 and 2 (Brier
    1950, eq. 2); its NLL is -ln of its true class's probability, nats.

    Args:
        probs: V x K+1, background first. target: V, values 0 to K.

    Returns:
        float64, KINDS x BINS x FIELDS.
    """
    likelihood = np.take_along_axis(probs, target[:, None].astype(np.intp), axis=1)[:, 0]
    brier = (probs**2).sum(axis=1) - 2 * likelihood + 1
    nll = -np.log(np.maximum(likelihood, LEAST))
    kinds = [(probs.max(axis=1), probs.argmax(axis=1) == target), (1 - probs[:, 0], target > 0)]
    sums = []
    for confidence, correct in kinds:
        bins = np.clip((confidence * BINS).astype(np.int64), 0, BINS - 1)
        fields = (None, confidence, correct, brier, nll)
        sums.append([np.bincount(bins, weights=field, minlength=BINS) for field in fields])
    return np.moveaxis(np.array(sums, np.float64), 1, 2)


def merge_bins(histogram: Values, bins: int) -> Values:
    """Merge BINS x FIELDS to `bins` (a divisor of BINS) x FIELDS."""
    return np.asarray(histogram.reshape(bins, BINS // bins, len(FIELDS)).sum(axis=1))


def expected_calibration_error(
    histograms: Values, kind: Literal["top1", "foreground"], bins: int
) -> float:
    """Return sum_b n_b / n |acc_b - conf_b| (Naeini 2015; Guo 2017, eq. 3); NaN without pixels."""
    count, confidence, correct = merge_bins(histograms[KINDS.index(kind)], bins).T[:3]
    return float(ratio(np.abs(correct - confidence).sum(), count.sum()))


def pixel_mean(histograms: Values, field: Literal["brier", "nll"]) -> float:
    """Return the mean of a field over all pixels; NaN without pixels."""
    sums = histograms[0].sum(axis=0)
    return float(ratio(sums[FIELDS.index(field)], sums[FIELDS.index("count")]))


ece_10 = partial(expected_calibration_error, kind="top1", bins=10)
"""ECE of the predicted class's probability with 10 bins, as the reference study has it."""
ece_15 = partial(expected_calibration_error, kind="top1", bins=15)
"""ECE of the predicted class's probability with 15 bins."""
foreground_ece = partial(expected_calibration_error, kind="foreground", bins=15)
"""ECE with 15 bins of the foreground's probability, against the share of foreground.

Where foreground is rare, the ECE of the predicted class is that of the background.
"""
brier = partial(pixel_mean, field="brier")
"""Mean over pixels of the Brier score summed over classes, 0 to 2 (Brier 1950, eq. 2)."""
nll = partial(pixel_mean, field="nll")
"""Mean negative log-likelihood of a pixel's true class, nats."""
