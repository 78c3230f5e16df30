"""The confusion matrix of several classes, and the metrics that are computed from it.

Every metric is pooled over the pixels of all images and counts the background as a class unless
its name says otherwise; a class that is neither there nor predicted has no part in a mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.counts import confusions
from frugalseg.metrics.ratios import Values, defined_mean, ratio


@dataclass(frozen=True)
class Confusion:
    """Pixels of a set of images by true class (rows) and predicted class, background first.

    Attributes:
        pixels: float64, K+1 x K+1; whole numbers.
        likelihood: float64, K+1 x K+1; of the same pixels, the sum of the probabilities that their
            true class was given.
    """

    pixels: Values
    likelihood: Values


def confusion(
    probs: NDArray[np.float32], preds: NDArray[np.uint8], target: NDArray[np.uint8], ignore: int
) -> Confusion:
    """Count the pixels of a batch.

    Args:
        probs: N x K+1 x H x W, background first. preds: N x H x W, classes 0 to K.
        target: N x H x W, classes 0 to K, or `ignore` for what is not counted.
    """
    classes = probs.shape[1] - 1
    pixels = confusions(preds, target, classes, ignore).sum(axis=0)
    valid = target != ignore
    known = np.where(valid, target, 0)[:, None].astype(np.intp)
    likelihood = np.take_along_axis(probs, known, axis=1)[:, 0][valid]
    pairs = target[valid].astype(np.int64) * (classes + 1) + preds[valid]
    sums = np.bincount(pairs, weights=likelihood, minlength=pixels.size)
    return Confusion(pixels.astype(np.float64), sums.reshape(pixels.shape))


def add(one: Confusion, other: Confusion) -> Confusion:
    """Return the confusion of the images of both."""
    return Confusion(one.pixels + other.pixels, one.likelihood + other.likelihood)


def background_only(found: Confusion) -> Confusion:
    """Return the confusion that predicting background with certainty gets on the same images."""
    pixels = np.zeros_like(found.pixels)
    pixels[:, 0] = found.pixels.sum(axis=1)
    likelihood = np.zeros_like(pixels)
    likelihood[0, 0] = pixels[0, 0]
    return Confusion(pixels, likelihood)


def miou(found: Confusion) -> float:
    """Mean IoU of background and all classes (Jaccard 1912; Long et al. 2015)."""
    return defined_mean(_iou(found))


def miou_foreground(found: Confusion) -> float:
    """Mean IoU of the classes, the background left out of the mean."""
    return defined_mean(_iou(found)[1:])


def mdice(found: Confusion) -> float:
    """Mean Dice of background and all classes."""
    right, there, said = _sides(found)
    return defined_mean(ratio(2 * right, there + said))


def pixel_accuracy(found: Confusion) -> float:
    """Share of pixels whose class was found; high for predicting nothing where defects are rare."""
    return float(ratio(np.trace(found.pixels), found.pixels.sum()))


def mpa(found: Confusion) -> float:
    """Mean pixel accuracy: the mean over background and classes of their recall (Long 2015)."""
    right, there, _ = _sides(found)
    return defined_mean(ratio(right, there))


def dice_coef_multiclass(found: Confusion) -> float:
    """Soft Dice of all one-hot classes and the background flattened into one, as study 5 has it.

    2 sum(p t) / (sum p + sum t) over pixels and classes at once. Both sums below are the number of
    pixels, so that this is the mean probability of the true class: soft pixel accuracy, which the
    background rules, and no mean over classes.
    """
    return float(ratio(found.likelihood.sum(), found.pixels.sum()))


def _sides(found: Confusion) -> tuple[Values, Values, Values]:
    """Return each class's pixels that are right, that are there, and that were predicted."""
    return np.diag(found.pixels), found.pixels.sum(axis=1), found.pixels.sum(axis=0)


def _iou(found: Confusion) -> Values:
    right, there, said = _sides(found)
    return ratio(right, there + said - right)
