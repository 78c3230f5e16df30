"""Object metrics of the GlaS challenge (Sirinukunwattana 2017, section 4).

An object is a connected component (8 neighbors) of the prediction, and likewise of the truth: a
stack holds classes and no numbers of instances, so that glands that touch are one object.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

FIELDS = ("tp", "fp", "fn", "truth_dice", "truth_pixels", "pred_dice", "pred_pixels")
"""What is kept of an image and class, so that the metrics of many images come from sums.

`tp`, `fp`, `fn`: objects. `truth_dice`: sum over the objects of the truth of their pixels times
their Dice with the predicted object that overlaps them most; `truth_pixels`: their pixels.
`pred_dice`, `pred_pixels`: the same the other way round.
"""
_NEIGHBORS = np.stack([np.zeros((3, 3), int), np.ones((3, 3), int), np.zeros((3, 3), int)])
"""Eight neighbors within an image, none in the images before and after it."""

Values = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Objects:
    """Sums of one class over a set of images; see `FIELDS`."""

    tp: float
    fp: float
    fn: float
    truth_dice: float
    truth_pixels: float
    pred_dice: float
    pred_pixels: float


def match_objects(
    preds: NDArray[np.uint8], target: NDArray[np.uint8], classes: int, ignore: int
) -> Values:
    """Match the objects of predictions and targets, N x H x W, for each class.

    A predicted object is a true positive if it covers at least half of the object of the truth
    that it overlaps most; an object of the truth without such a one is a false negative. Pixels
    that are ignored belong to no object.

    Returns:
        float64, N x K x FIELDS, of classes 1 to K.
    """
    known = target != ignore
    values = [_match((preds == k) & known, target == k) for k in range(1, classes + 1)]
    return np.stack(values, axis=1)


def _match(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Values:
    """Match the objects of one class; N x H x W to N x FIELDS."""
    (found_labels, found_images, found_areas) = _label(found)
    (truth_labels, truth_images, truth_areas) = _label(truth)
    both = found & truth
    pairs = np.stack([found_labels[both], truth_labels[both]], axis=1) - 1
    (found_of, truth_of), shared = _count(pairs)
    partner, overlap = _largest(found_of, truth_of, shared, len(found_areas))
    covers = (partner >= 0) & (2 * overlap >= np.append(truth_areas, 0)[partner])
    pred_dice = _dice_pixels(found_areas, truth_areas, partner, overlap)
    partner_of_truth, overlap_of_truth = _largest(truth_of, found_of, shared, len(truth_areas))
    truth_dice = _dice_pixels(truth_areas, found_areas, partner_of_truth, overlap_of_truth)
    missed = ~np.isin(np.arange(len(truth_areas)), partner[covers])
    by_found, by_truth = (covers, ~covers), (missed, truth_dice, truth_areas)
    sums = [_sum(found_images, value, len(found)) for value in by_found]
    sums += [_sum(truth_images, value, len(found)) for value in by_truth]
    sums += [_sum(found_images, value, len(found)) for value in (pred_dice, found_areas)]
    return np.stack(sums, axis=1)


def _label(mask: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Number the objects of N images from 1 on; return the numbers, and images and areas."""
    labels, size = ndimage.label(mask, _NEIGHBORS)
    images = np.zeros(size + 1, np.int64)
    where = np.nonzero(mask)
    images[labels[where]] = where[0]
    areas = np.bincount(labels[where], minlength=size + 1)
    return labels.astype(np.int64), images[1:], areas[1:]


def _count(pairs: Ints) -> tuple[Ints, Ints]:
    """Return the distinct pairs (2 x P), and the pixels of each."""
    distinct, shared = np.unique(pairs, axis=0, return_counts=True)
    return distinct.T, shared


def _largest(owner: Ints, other: Ints, shared: Ints, size: int) -> tuple[Ints, Ints]:
    """Return for each of `size` owners the other that it shares most with (-1: none), and that."""
    partner, overlap = np.full(size, -1), np.zeros(size, np.int64)
    order = np.lexsort((-other, shared))  # the last one written wins: most shared, then first
    partner[owner[order]] = other[order]
    overlap[owner[order]] = shared[order]
    return partner, overlap


def _dice_pixels(areas: Ints, others: Ints, partner: Ints, overlap: Ints) -> Values:
    """Return area times Dice with the partner; 0 without one."""
    sizes = areas + np.append(others, 0)[partner]
    return np.asarray(areas * 2.0 * overlap / sizes)


def _sum(images: Ints, values: NDArray[np.generic], size: int) -> Values:
    return np.bincount(images, weights=values, minlength=size).astype(np.float64)


def object_f1(objects: Objects) -> float:
    """F1 of objects of all images together; NaN where there is none and none was found."""
    total = 2 * objects.tp + objects.fp + objects.fn
    return 2 * objects.tp / total if total else float("nan")


def object_dice(objects: Objects) -> float:
    """Object-level Dice of all images together (eq. 5); NaN where nothing is there or was found.

    The mean of two means of Dice weighted by area: over the objects of the truth, and over those
    that were predicted.
    """
    if not objects.truth_pixels + objects.pred_pixels:
        return float("nan")
    truth = objects.truth_dice / max(objects.truth_pixels, 1)
    return (truth + objects.pred_dice / max(objects.pred_pixels, 1)) / 2
