"""Overlap metrics of one class over a set of images, from counts.

A metric that is not defined on these images (no positives, nothing predicted) is NaN, never a
number that looks like a score. Dice is F1 of pixels (Dice 1945), IoU the Jaccard index (1912).
"""

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.counts import Counts
from frugalseg.metrics.ratios import Values, defined_mean, ratio


def _dice_per_image(counts: Counts) -> Values:
    return ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def _iou_per_image(counts: Counts) -> Values:
    return ratio(counts.tp, counts.tp + counts.fp + counts.fn)


def _positive(counts: Counts) -> NDArray[np.bool_]:
    return counts.tp + counts.fn > 0


def _pooled(numerator: NDArray[np.int64], denominator: NDArray[np.int64]) -> float:
    return float(ratio(numerator.sum(keepdims=True), denominator.sum(keepdims=True))[0])


def dice(counts: Counts) -> float:
    """Mean Dice of the images that hold the class; an all-background answer scores 0."""
    return defined_mean(_dice_per_image(counts)[_positive(counts)])


def dice_empty_one(counts: Counts) -> float:
    """Mean Dice of all images, an empty prediction on an empty target counted as 1."""
    return defined_mean(np.nan_to_num(_dice_per_image(counts), nan=1.0))


def dice_empty_undefined(counts: Counts) -> float:
    """Mean Dice of all images but those where prediction and target are both empty."""
    return defined_mean(_dice_per_image(counts))


def iou(counts: Counts) -> float:
    """Mean IoU of the images that hold the class."""
    return defined_mean(_iou_per_image(counts)[_positive(counts)])


def iou_pooled(counts: Counts) -> float:
    """IoU of all pixels of all images as if they were one image."""
    return _pooled(counts.tp, counts.tp + counts.fp + counts.fn)


def accuracy(counts: Counts) -> float:
    """Share of pixels that are right, class or not; high for a rare class whatever one answers."""
    return _pooled(counts.tp + counts.tn, counts.tp + counts.fp + counts.fn + counts.tn)


def precision(counts: Counts) -> float:
    """Share of predicted pixels, of all images, that are of the class."""
    return _pooled(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> float:
    """Share of the class's pixels, of all images, that were found."""
    return _pooled(counts.tp, counts.tp + counts.fn)


def image_fpr(counts: Counts) -> float:
    """Share of the images without the class in which any pixel of it is predicted."""
    negative = ~_positive(counts)
    return defined_mean((counts.fp[negative] > 0).astype(float))
