"""Counting a model's hits and misses on images whose masks are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.rows import Rows
from frugalseg.inference.predictions import kept
from frugalseg.metrics.calibration import (
    BINS,
    FIELDS,
    KINDS,
    histograms,
    labeled_pixels,
)
from frugalseg.metrics.confusion import confusion
from frugalseg.metrics.counts import count
from frugalseg.metrics.objects import match_objects
from frugalseg.metrics.tables import calibration_table, confusion_table, object_table
from frugalseg.metrics.temperature import temper
from frugalseg.models.predict import to_preds


@dataclass(frozen=True)
class Evaluated:
    """What evaluation keeps of one model.

    Attributes:
        counts: one row an image, foreground class and threshold: `image_id`, `class`,
            `threshold` (`validation`, `half`; `patch`, `patch_half`: the same on the center patch),
            `tp`, `fp`, `fn`, `tn`.
        predictions: one row a sample image, at the validation threshold; see
            `frugalseg.inference.predictions.kept`.
        calibration: one row a bin; see `frugalseg.metrics.tables.calibration_table`.
        objects: one row an image and foreground class, at the validation threshold; see
            `frugalseg.metrics.objects.FIELDS`.
        confusion: one row a threshold, true and predicted class; see
            `frugalseg.metrics.tables.confusion_table`.
    """

    counts: pd.DataFrame
    predictions: pd.DataFrame
    calibration: pd.DataFrame
    objects: pd.DataFrame
    confusion: pd.DataFrame


@dataclass(frozen=True)
class Truth:
    """What predictions are held against.

    Attributes:
        masks: uint8, N x H x W; only a batch is read at a time.
        image_ids: of the images that are evaluated, in their order.
    """

    masks: Rows
    image_ids: list[str]
    classes: list[str]


def evaluate(
    probabilities: Iterator[tuple[NDArray[np.int64], Tensor]],
    truth: Truth,
    *,
    threshold: float,
    temperature: float,
    samples: set[int],
) -> Evaluated:
    """Evaluate probabilities once, as they come.

    Args:
        probabilities: rows of the stack, and n x K+1 x H x W; the images of `truth`, in order.
        temperature: of the second half of the calibration; see `frugalseg.metrics.temperature`.
        samples: the rows whose predictions are kept.
    """
    thresholds = {"validation": threshold, "half": 0.5}
    tables: dict[str, list[NDArray[np.int64]]] = {name: [] for name in thresholds}
    objects: list[NDArray[np.float64]] = []
    shown: list[dict[str, object]] = []
    names = iter(truth.image_ids)
    confused: dict[str, NDArray[np.float64]] = {}
    histogram = np.zeros((2, len(KINDS), BINS, len(FIELDS)))
    for chosen, probs in probabilities:
        target, values = truth.masks[chosen], probs.cpu().numpy()
        ids = list(islice(names, len(chosen)))
        for name, value in thresholds.items():
            found = to_preds(probs, value).cpu().numpy()
            tables[name].append(count(found, target, len(truth.classes), IGNORE))
            confused[name] = confused.get(name, 0) + confusion(values, found, target, IGNORE)
            if name == "validation":
                shown += [
                    kept(ids[place], found[place], 1 - values[place, 0])
                    for place, row in enumerate(chosen)
                    if int(row) in samples
                ]
                objects.append(match_objects(found, target, len(truth.classes), IGNORE))
        histogram += _calibrate(probs, target, temperature)
    counts = [
        counts_table(np.concatenate(found), truth.image_ids, truth.classes, name)
        for name, found in tables.items()
    ]
    return Evaluated(
        pd.concat(counts, ignore_index=True),
        pd.DataFrame(shown, columns=["image_id", "pred", "prob"]),
        calibration_table(histogram, temperature),
        object_table(np.concatenate(objects), truth.image_ids, truth.classes),
        pd.concat([confusion_table(one, name) for name, one in confused.items()]),
    )


def count_patches(
    probabilities: Iterator[tuple[NDArray[np.int64], Tensor]], truth: Truth, threshold: float
) -> pd.DataFrame:
    """Count on patches, as `Evaluated.counts`, with the thresholds `patch` and `patch_half`.

    Args:
        probabilities: as for `evaluate`, of the patches. truth: the masks of the patches.
        threshold: chosen on validation.
    """
    thresholds = {"patch": threshold, "patch_half": 0.5}
    tables: dict[str, list[NDArray[np.int64]]] = {name: [] for name in thresholds}
    for chosen, probs in probabilities:
        target = truth.masks[chosen]
        for name, value in thresholds.items():
            found = to_preds(probs, value).cpu().numpy()
            tables[name].append(count(found, target, len(truth.classes), IGNORE))
    counts = [
        counts_table(np.concatenate(found), truth.image_ids, truth.classes, name)
        for name, found in tables.items()
    ]
    return pd.concat(counts, ignore_index=True)


def _calibrate(probs: Tensor, target: NDArray[np.uint8], temperature: float) -> NDArray[np.float64]:
    """Return the histograms before and after temperature scaling."""
    known, classes = labeled_pixels(probs.cpu().numpy(), target, IGNORE)
    return np.stack([histograms(one, classes) for one in (known, temper(known, temperature))])


def counts_table(
    counts: NDArray[np.int64], image_ids: list[str], classes: list[str], threshold: str
) -> pd.DataFrame:
    """Lay counts, N x K x 4, out as rows."""
    images, names = len(image_ids), len(classes)
    flat = counts.reshape(images * names, 4)
    return pd.DataFrame(
        {
            "image_id": np.repeat(np.array(image_ids, object), names),
            "class": np.tile(np.array(classes, object), images),
            "threshold": threshold,
            "tp": flat[:, 0],
            "fp": flat[:, 1],
            "fn": flat[:, 2],
            "tn": flat[:, 3],
        }
    )


def whole_images(counts: pd.DataFrame, image_of: Mapping[str, str]) -> pd.DataFrame:
    """Add up the counts of an image's tiles, each pixel of which is labeled in one of them.

    Args:
        counts: as `Evaluated.counts`, of tiles.
        image_of: the image of each tile.
    """
    named = counts.assign(image_id=counts["image_id"].map(image_of))
    return named.groupby(["image_id", "class", "threshold"], sort=False, as_index=False).sum()
