"""Counting pixels once; every overlap metric is a ratio of these counts, or a mean of ratios."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frugalseg.core.errors import FrugalsegError

Values = NDArray[np.float64]


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Values:
    """Divide elementwise; NaN where the denominator is not above 0."""
    result = np.full(np.shape(denominator), np.nan)
    np.divide(numerator, denominator, out=result, where=np.asarray(denominator) > 0)
    return result


def defined_mean(values: Values) -> float:
    """Return the mean of what is not NaN; NaN if nothing is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else float("nan")


@dataclass(frozen=True)
class Counts:
    """Pixels of one class in N images: int64 arrays of shape (N,).

    Attributes:
        tp: of the class in prediction and target. fp: in the prediction only. fn: in the target
            only. tn: in neither. Ignored pixels are in none of them.
    """

    tp: NDArray[np.int64]
    fp: NDArray[np.int64]
    fn: NDArray[np.int64]
    tn: NDArray[np.int64]


def confusions(
    preds: NDArray[np.uint8], target: NDArray[np.uint8], classes: int, ignore: int
) -> NDArray[np.int64]:
    """Count each image's pixels by true and predicted class.

    Args:
        preds: N x H x W, values 0 (background) to `classes`.
        target: N x H x W, values 0 to `classes`, or `ignore`.
        classes: number of foreground classes K.
        ignore: value of the target's pixels that are not counted.

    Returns:
        int64, N x K+1 x K+1: true classes in rows, predicted ones in columns.

    Raises:
        FrugalsegError: shapes differ, or a value is not a class.
    """
    if preds.shape != target.shape:
        raise FrugalsegError(
            f"Predictions and targets must have one shape; found {preds.shape}, {target.shape}."
        )
    size = classes + 1
    confusion = np.empty((len(preds), size, size), np.int64)
    for number, (pred, true) in enumerate(zip(preds, target, strict=True)):
        valid = true != ignore
        pred, true = pred[valid], true[valid]
        if max(pred.max(initial=0), true.max(initial=0)) > classes:
            values = np.union1d(pred, true).tolist()
            raise FrugalsegError(f"Expected classes 0 to {classes}; found values {values}.")
        pairs = true.astype(np.int64) * size + pred
        confusion[number] = np.bincount(pairs, minlength=size * size).reshape(size, size)
    return confusion


def count(
    preds: NDArray[np.uint8], target: NDArray[np.uint8], classes: int, ignore: int
) -> NDArray[np.int64]:
    """Count each image's pixels per foreground class; takes and raises what `confusions` does.

    Returns:
        int64, N x K x 4: tp, fp, fn, tn of classes 1 to K.
    """
    confusion = confusions(preds, target, classes, ignore)
    tp = np.einsum("nkk->nk", confusion)[:, 1:]
    fp = confusion.sum(axis=1)[:, 1:] - tp
    fn = confusion.sum(axis=2)[:, 1:] - tp
    tn = confusion.sum(axis=(1, 2))[:, None] - tp - fp - fn
    return np.stack([tp, fp, fn, tn], axis=-1)


def pooled_dice(counts: Counts) -> float:
    """Dice of all pixels of all images as if they were one image; NaN if there is nothing.

    It is here because validation uses it: training does not depend on the other metrics.
    """
    return float(ratio(2 * counts.tp.sum(), (2 * counts.tp + counts.fp + counts.fn).sum()))


def all_background(counts: Counts) -> Counts:
    """Return the counts that an empty prediction gets on the same targets."""
    nothing = np.zeros_like(counts.tp)
    return Counts(nothing, nothing, counts.tp + counts.fn, counts.tn + counts.fp)
