"""Overlap metrics of one class over a set of images, from counts.

A metric that is not defined on these images (no positives, nothing predicted) is NaN, never a
number that looks like a score. Dice is F1 of pixels (Dice 1945), IoU the Jaccard index (1912).
"""

from functools import partial

import numpy as np

from frugalseg.metrics.counts import Counts, Values, defined_mean, ratio


def _dice_per_image(counts: Counts) -> Values:
    return ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def dice(counts: Counts) -> float:
    """Mean Dice of the images that hold the class; an all-background answer scores 0."""
    return defined_mean(_dice_per_image(counts)[counts.tp + counts.fn > 0])


def dice_empty_one(counts: Counts) -> float:
    """Mean Dice of all images, an empty prediction on an empty target counted as 1."""
    return defined_mean(np.nan_to_num(_dice_per_image(counts), nan=1.0))


def dice_empty_undefined(counts: Counts) -> float:
    """Mean Dice of all images but those where prediction and target are both empty."""
    return defined_mean(_dice_per_image(counts))


def iou(counts: Counts) -> float:
    """Mean IoU of the images that hold the class."""
    per_image = ratio(counts.tp, counts.tp + counts.fp + counts.fn)
    return defined_mean(per_image[counts.tp + counts.fn > 0])


def image_fpr(counts: Counts) -> float:
    """Share of the images without the class in which any pixel of it is predicted."""
    negative = counts.tp + counts.fn == 0
    return defined_mean((counts.fp[negative] > 0).astype(float))


def pooled(counts: Counts, part: str, whole: str) -> float:
    """Return the ratio of two sums over all pixels of all images; NaN if the second is 0.

    Args:
        part, whole: the fields of `counts` that are added up, separated by blanks.
    """
    sums = {name: values.sum() for name, values in vars(counts).items()}
    return float(ratio(*(sum(sums[name] for name in names.split()) for names in (part, whole))))


iou_pooled = partial(pooled, part="tp", whole="tp fp fn")
"""IoU of all pixels of all images as if they were one image."""
accuracy = partial(pooled, part="tp tn", whole="tp fp fn tn")
"""Share of pixels that are right, class or not; high for a rare class whatever the prediction."""
precision = partial(pooled, part="tp", whole="tp fp")
"""Share of predicted pixels, of all images, that are of the class."""
recall = partial(pooled, part="tp", whole="tp fn")
"""Share of the class's pixels, of all images, that were found."""
