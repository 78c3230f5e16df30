"""Evaluation of predictions on images whose masks are known, and their temperature."""

from collections.abc import Iterable, Iterator, Mapping
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
from frugalseg.metrics.temperature import fit_temperature, temper
from frugalseg.models.predict import to_preds

PIXELS = 2**18
"""Pixels, drawn from all validation images alike, that suffice to fit a temperature."""

Batches = Iterator[tuple[NDArray[np.int64], Tensor]]
"""Rows of the stack, and their probabilities, n x K+1 x H x W."""


@dataclass(frozen=True)
class Evaluated:
    """The results of evaluating one model.

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
    """The true masks that predictions are compared with.

    Attributes:
        masks: uint8, N x H x W; only a batch is read at a time.
        image_ids: of the evaluated images, in their order.
    """

    masks: Rows
    image_ids: list[str]
    classes: list[str]


def evaluate(
    probabilities: Batches,
    truth: Truth,
    *,
    threshold: float,
    temperature: float,
    samples: set[int],
) -> Evaluated:
    """Evaluate probabilities in one pass.

    Args:
        probabilities: of the images of `truth`, in order.
        temperature: of the second half of the calibration; see `frugalseg.metrics.temperature`.
        samples: the rows whose predictions are kept.
    """
    thresholds = {"validation": threshold, "half": 0.5}
    counts: list[dict[str, NDArray[np.int64]]] = []
    confusions: dict[str, NDArray[np.float64]] = {}
    objects: list[NDArray[np.float64]] = []
    shown: list[dict[str, object]] = []
    names = iter(truth.image_ids)
    histogram = np.zeros((2, len(KINDS), BINS, len(FIELDS)))
    for rows, probs in probabilities:
        target, values = truth.masks[rows], probs.cpu().numpy()
        preds, of_batch = _count(probs, target, thresholds)
        counts.append(of_batch)
        for name, one in preds.items():
            matrix = confusion(values, one, target, IGNORE)
            confusions[name] = confusions.get(name, 0) + matrix
        chosen = preds["validation"]
        ids = islice(names, len(rows))
        shown += [
            kept(image_id, pred, 1 - background)
            for row, image_id, pred, background in zip(rows, ids, chosen, values[:, 0], strict=True)
            if int(row) in samples
        ]
        objects.append(match_objects(chosen, target, len(truth.classes), IGNORE))
        pixels, classes = labeled_pixels(values, target, IGNORE)
        scaled = (pixels, temper(pixels, temperature))
        histogram += np.stack([histograms(one, classes) for one in scaled])
    return Evaluated(
        _stack_counts(counts, thresholds, truth),
        pd.DataFrame(shown, columns=["image_id", "pred", "prob"]),
        calibration_table(histogram, temperature),
        object_table(np.concatenate(objects), truth.image_ids, truth.classes),
        pd.concat([confusion_table(matrix, name) for name, matrix in confusions.items()]),
    )


def count_patches(probabilities: Batches, truth: Truth, threshold: float) -> pd.DataFrame:
    """Count on patches, as `Evaluated.counts`, with the thresholds `patch` and `patch_half`.

    Args:
        probabilities: of the patches. truth: the masks of the patches.
        threshold: chosen on validation.
    """
    thresholds = {"patch": threshold, "patch_half": 0.5}
    counts = [_count(probs, truth.masks[rows], thresholds)[1] for rows, probs in probabilities]
    return _stack_counts(counts, thresholds, truth)


def _count(
    probs: Tensor, target: NDArray[np.uint8], thresholds: Mapping[str, float]
) -> tuple[dict[str, NDArray[np.uint8]], dict[str, NDArray[np.int64]]]:
    """Return the predicted classes and their counts, n x K x 4, at each threshold."""
    preds = {name: to_preds(probs, value).cpu().numpy() for name, value in thresholds.items()}
    classes = probs.shape[1] - 1
    return preds, {name: count(one, target, classes, IGNORE) for name, one in preds.items()}


def _stack_counts(
    counts: list[dict[str, NDArray[np.int64]]], names: Iterable[str], truth: Truth
) -> pd.DataFrame:
    tables = [
        counts_table(
            np.concatenate([batch[name] for batch in counts]), truth.image_ids, truth.classes, name
        )
        for name in names
    ]
    return pd.concat(tables, ignore_index=True)


def counts_table(
    counts: NDArray[np.int64], image_ids: list[str], classes: list[str], threshold: str
) -> pd.DataFrame:
    """Return counts, N x K x 4, as one row an image and class."""
    named = pd.DataFrame(
        {
            "image_id": np.repeat(np.array(image_ids, object), len(classes)),
            "class": np.tile(np.array(classes, object), len(image_ids)),
            "threshold": threshold,
        }
    )
    return named.join(pd.DataFrame(counts.reshape(-1, 4), columns=["tp", "fp", "fn", "tn"]))


def whole_images(counts: pd.DataFrame, image_of: Mapping[str, str]) -> pd.DataFrame:
    """Add up the counts of an image's tiles; each pixel is labeled in one tile only.

    Args:
        counts: as `Evaluated.counts`, of tiles.
        image_of: the image of each tile.
    """
    named = counts.assign(image_id=counts["image_id"].map(image_of))
    return named.groupby(["image_id", "class", "threshold"], sort=False, as_index=False).sum()


def validation_temperature(
    probabilities: Batches, masks: Rows, total: int, rng: np.random.Generator
) -> float:
    """Fit the temperature on validation images; return 1 without any labeled pixel.

    Args:
        probabilities: of the validation images. masks: what the ledger reveals.
        total: pixels of all these images, which decides on the share that is drawn.
        rng: draws the pixels; every k-th pixel could be one column of each image.
    """
    share = min(1.0, PIXELS / max(total, 1))
    probs, target = [], []
    for rows, batch in probabilities:
        pixels, classes = labeled_pixels(batch.cpu().numpy(), masks[rows], IGNORE)
        drawn = rng.random(len(classes)) < share
        probs.append(pixels[drawn])
        target.append(classes[drawn])
    return fit_temperature(np.concatenate(probs), np.concatenate(target)) if probs else 1.0
