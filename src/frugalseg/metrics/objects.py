"""Object metrics of the GlaS challenge (Sirinukunwattana 2017, section 4).

An object is a connected component (8 neighbors) of the prediction, and likewise of the truth: a
stack holds classes and no numbers of instances, so touching glands are one object.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.metrics.counts import Values, ratio

_NEIGHBORS = np.stack([np.zeros((3, 3), int), np.ones((3, 3), int), np.zeros((3, 3), int)])
"""Eight neighbors within an image, none in the images before and after it."""

Ints = NDArray[np.int64]


class Objects(NamedTuple):
    """Sums of one class over a set of images, from which metrics are computed.

    Attributes:
        tp, fp, fn: objects.
        truth_dice: sum over the objects of the truth of their pixels times their Dice with the
            predicted object that overlaps them most. truth_pixels: their pixels.
        pred_dice, pred_pixels: the same the other way round.
    """

    tp: float
    fp: float
    fn: float
    truth_dice: float
    truth_pixels: float
    pred_dice: float
    pred_pixels: float


FIELDS = Objects._fields


def match_objects(
    preds: NDArray[np.uint8], target: NDArray[np.uint8], classes: int, ignore: int
) -> Values:
    """Match the objects of predictions and targets, N x H x W, for each class.

    A predicted object is a true positive if it covers at least half of the object of the truth
    that it overlaps most; an object of the truth without a true positive is a false negative.
    Ignored pixels belong to no object.

    Returns:
        float64, N x K x FIELDS, of classes 1 to K.
    """
    valid = target != ignore
    values = [_match((preds == k) & valid, target == k) for k in range(1, classes + 1)]
    return np.stack(values, axis=1)


def _match(preds: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Values:
    """Match the objects of one class; N x H x W to N x FIELDS."""
    pred_labels, pred_images, pred_areas = _label(preds)
    truth_labels, truth_images, truth_areas = _label(truth)
    both = preds & truth
    pairs = np.stack([pred_labels[both], truth_labels[both]], axis=1) - 1
    distinct, shared = np.unique(pairs, axis=0, return_counts=True)
    of_pred, of_truth = distinct.T
    partner, overlap, pred_dice = _best(of_pred, of_truth, shared, pred_areas, truth_areas)
    _, _, truth_dice = _best(of_truth, of_pred, shared, truth_areas, pred_areas)
    covers = (partner >= 0) & (2 * overlap >= np.append(truth_areas, 0)[partner])
    missed = ~np.isin(np.arange(len(truth_areas)), partner[covers])
    by_pred = partial(np.bincount, pred_images, minlength=len(preds))
    by_truth = partial(np.bincount, truth_images, minlength=len(preds))
    sums = [by_pred(weights=values) for values in (covers, ~covers)]
    sums += [by_truth(weights=values) for values in (missed, truth_dice, truth_areas)]
    sums += [by_pred(weights=values) for values in (pred_dice, pred_areas)]
    return np.stack(sums, axis=1).astype(np.float64)


def _label(mask: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Number the objects of N images from 1 on; return the numbers, and images and areas."""
    labels, size = ndimage.label(mask, _NEIGHBORS)
    images = np.zeros(size + 1, np.int64)
    where = np.nonzero(mask)
    images[labels[where]] = where[0]
    areas = np.bincount(labels[where], minlength=size + 1)
    return labels.astype(np.int64), images[1:], areas[1:]


def _best(
    owner: Ints, other: Ints, shared: Ints, areas: Ints, others: Ints
) -> tuple[Ints, Ints, Values]:
    """Return for each owner the other object that it shares most with, by number; -1: none.

    Args:
        owner, other, shared: pairs of overlapping objects and their common pixels.
        areas, others: pixels of all owners and of all other objects.

    Returns:
        The partner, the common pixels, and the owner's pixels times its Dice with the partner.
    """
    partner, overlap = np.full(len(areas), -1), np.zeros(len(areas), np.int64)
    order = np.lexsort((-other, shared))  # the last one written wins: most shared, then first
    partner[owner[order]] = other[order]
    overlap[owner[order]] = shared[order]
    return partner, overlap, areas * 2.0 * overlap / (areas + np.append(others, 0)[partner])


def object_f1(objects: Objects) -> float:
    """F1 of objects of all images together; NaN where there is none and none was found."""
    return float(ratio(2 * objects.tp, 2 * objects.tp + objects.fp + objects.fn))


def object_dice(objects: Objects) -> float:
    """Object-level Dice of all images together (eq. 5); NaN where nothing is there or was found.

    The mean of two means of Dice weighted by area: over the objects of the truth, and over those
    that were predicted.
    """
    if not objects.truth_pixels + objects.pred_pixels:
        return float("nan")
    truth = objects.truth_dice / max(objects.truth_pixels, 1)
    return (truth + objects.pred_dice / max(objects.pred_pixels, 1)) / 2
