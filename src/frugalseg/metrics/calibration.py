"""Calibration of probabilities: sums over pixels in bins of confidence, and metrics of them.

One histogram a model is enough for every figure and metric: the bins are fine enough to be merged
to 10 or 15, and the proper scores are sums over all of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.ratios import Values, ratio

BINS = 30
"""Equal-width bins over [0, 1]; bin b holds [b, b + 1) / BINS, and the last one 1 too."""
FIELDS = ("count", "confidence", "correct", "brier", "nll")
"""What is summed over the pixels of a bin."""
KINDS = ("top1", "foreground")
"""What a pixel is binned by: the probability of its predicted class, or of any foreground."""
LEAST = 1e-7
"""Likelihoods below this are raised to it, so that one pixel does not make the NLL infinite."""


@dataclass(frozen=True)
class Calibration:
    """Histograms of one model on one set of images, before and after temperature scaling.

    Attributes:
        raw, scaled: float64, KINDS x BINS x FIELDS.
    """

    raw: Values
    scaled: Values


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
    foreground = 1 - probs[:, 0]
    top = probs.argmax(axis=1)
    return np.stack(
        [
            _histogram(probs.max(axis=1), top == target, brier, nll),
            _histogram(foreground, target > 0, brier, nll),
        ]
    )


def _histogram(
    confidence: NDArray[np.float32],
    correct: NDArray[np.bool_],
    brier: NDArray[np.float32],
    nll: NDArray[np.float32],
) -> Values:
    bins = np.clip((confidence * BINS).astype(np.int64), 0, BINS - 1)
    weights = (None, confidence, correct, brier, nll)
    sums = [np.bincount(bins, weights=weight, minlength=BINS) for weight in weights]
    return np.stack(sums, axis=1).astype(np.float64)


def merge_bins(histogram: Values, bins: int) -> Values:
    """Merge BINS x FIELDS to `bins` (a divisor of BINS) x FIELDS."""
    return np.asarray(histogram.reshape(bins, BINS // bins, len(FIELDS)).sum(axis=1))


def expected_calibration_error(histogram: Values, bins: int) -> float:
    """Return sum_b n_b / n |acc_b - conf_b| (Naeini 2015; Guo 2017, eq. 3); NaN without pixels."""
    count, confidence, correct = merge_bins(histogram, bins).T[:3]
    return float(ratio(np.abs(correct - confidence).sum(), count.sum()))


def ece_10(histograms: Values) -> float:
    """ECE of the predicted class's probability with 10 bins, as the reference study has it."""
    return expected_calibration_error(histograms[0], 10)


def ece_15(histograms: Values) -> float:
    """ECE of the predicted class's probability with 15 bins."""
    return expected_calibration_error(histograms[0], 15)


def foreground_ece(histograms: Values) -> float:
    """ECE with 15 bins of the foreground's probability, against the share of foreground.

    Where foreground is rare, the ECE of the predicted class is that of the background.
    """
    return expected_calibration_error(histograms[1], 15)


def brier(histograms: Values) -> float:
    """Mean over pixels of the Brier score summed over classes, 0 to 2 (Brier 1950, eq. 2)."""
    return _mean(histograms, "brier")


def nll(histograms: Values) -> float:
    """Mean negative log-likelihood of a pixel's true class, nats."""
    return _mean(histograms, "nll")


def _mean(histograms: Values, field: str) -> float:
    sums = histograms[KINDS.index("top1")].sum(axis=0)
    return float(ratio(sums[FIELDS.index(field)], sums[FIELDS.index("count")]))
