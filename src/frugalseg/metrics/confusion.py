"""The confusion matrix of several classes, and the metrics that are computed from it.

A confusion is a float64 array, 2 x K+1 x K+1, background first: the pixels of a set of images by
true class (rows) and predicted class, and the sum over the same pixels of the probability of their
true class. The confusion of two sets of images is the sum of theirs.

Every metric is pooled over the pixels of all images and counts the background as a class unless
its name says otherwise; a class that is neither there nor predicted has no part in a mean.
"""

from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.counts import Values, confusions, defined_mean, ratio


def confusion(
    probs: NDArray[np.float32], preds: NDArray[np.uint8], target: NDArray[np.uint8], ignore: int
) -> Values:
    """Count the pixels of a batch.

    Args:
        probs: N x K+1 x H x W, background first. preds: N x H x W, classes 0 to K.
        target: N x H x W, classes 0 to K, or `ignore` for what is not counted.

    Returns:
        float64, 2 x K+1 x K+1.
    """
    classes = probs.shape[1] - 1
    pixels = confusions(preds, target, classes, ignore).sum(axis=0)
    valid = target != ignore
    true = np.where(valid, target, 0)[:, None].astype(np.intp)
    likelihood = np.take_along_axis(probs, true, axis=1)[:, 0][valid]
    pairs = target[valid].astype(np.int64) * (classes + 1) + preds[valid]
    sums = np.bincount(pairs, weights=likelihood, minlength=pixels.size)
    return np.stack([pixels, sums.reshape(pixels.shape)]).astype(np.float64)


def background_only(confusion: Values) -> Values:
    """Return the confusion that predicting background with certainty gets on the same images."""
    nothing = np.zeros_like(confusion)
    nothing[0, :, 0] = confusion[0].sum(axis=1)
    nothing[1, 0, 0] = nothing[0, 0, 0]
    return nothing


def class_mean(
    confusion: Values, score: Literal["iou", "dice", "recall"], *, background: bool = True
) -> float:
    """Return the mean over classes of a score of each; NaN without pixels."""
    right, true, predicted = (
        np.diag(confusion[0]),
        confusion[0].sum(axis=1),
        confusion[0].sum(axis=0),
    )
    scores = {
        "iou": ratio(right, true + predicted - right),
        "dice": ratio(2 * right, true + predicted),
        "recall": ratio(right, true),
    }[score]
    return defined_mean(scores if background else scores[1:])


miou = partial(class_mean, score="iou")
"""Mean IoU of background and all classes (Jaccard 1912; Long et al. 2015)."""
miou_foreground = partial(class_mean, score="iou", background=False)
"""Mean IoU of the classes, the background left out of the mean."""
mdice = partial(class_mean, score="dice")
"""Mean Dice of background and all classes."""
mpa = partial(class_mean, score="recall")
"""Mean pixel accuracy: the mean over background and classes of their recall (Long 2015)."""


def pixel_accuracy(confusion: Values) -> float:
    """Share of pixels whose class was found; high for predicting nothing where defects are rare."""
    return float(ratio(np.trace(confusion[0]), confusion[0].sum()))


def dice_coef_multiclass(confusion: Values) -> float:
    """Soft Dice of all one-hot classes and the background flattened into one, as study 5 has it.

    2 sum(p t) / (sum p + sum t) over pixels and classes at once. Both sums below are the number of
    pixels, so this is the mean probability of the true class: soft pixel accuracy, which the
    background dominates, and no mean over classes.
    """
    pixels, likelihood = confusion
    return float(ratio(likelihood.sum(), pixels.sum()))
