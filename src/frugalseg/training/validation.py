"""Validation during training: the score by which a checkpoint is kept, and its threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.core.constants import IGNORE
from frugalseg.core.rows import Rows
from frugalseg.data.patch import PatchRows
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.tags import RevealedTags
from frugalseg.metrics import otsu
from frugalseg.metrics.threshold import BINS, best_threshold, share_histogram
from frugalseg.models.predict import foreground, predict
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import TagTarget
from frugalseg.training.tag_loss import tag_losses


@dataclass(frozen=True)
class Validation:
    """The result of one validation.

    Attributes:
        dice: pooled Dice at the best threshold, of several classes the mean over those that occur;
            NaN if no validation image holds a class.
        nll: mean negative log-likelihood a labeled pixel (or a tag), nats.
        threshold: the best one, see `frugalseg.metrics.threshold`.
    """

    dice: float
    nll: float
    threshold: float

    @property
    def score(self) -> float:
        """Return what checkpoints are compared by, higher is better."""
        return -self.nll if np.isnan(self.dice) else self.dice


@dataclass(frozen=True)
class Tally:
    """What a validation counts; the tallies of several models' images add up to one.

    Attributes:
        histogram: int64, K x 2 x bins, see `share_histogram`.
        positives: int64, K, labeled pixels of each class.
        loss: summed negative log-likelihood of labeled pixels, nats.
        pixels: their number.
    """

    histogram: NDArray[np.int64]
    positives: NDArray[np.int64]
    loss: float
    pixels: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.histogram + other.histogram,
            self.positives + other.positives,
            self.loss + other.loss,
            self.pixels + other.pixels,
        )

    def result(self) -> Validation:
        """Return the scores, and the best threshold."""
        threshold, dice = best_threshold(self.histogram, self.positives)
        return Validation(dice, self.loss / max(self.pixels, 1), threshold)


@dataclass(frozen=True)
class Validator:
    """Validation on the masks that the ledger was charged for.

    Attributes:
        patch: height and width of the center patch that is validated on; None for whole images.
        window: the sliding window by which images are predicted; see `models.predict.predict`.
    """

    images: Rows
    masks: RevealedMasks
    rows: NDArray[np.int64]
    classes: int
    scaling: Scaling
    device: torch.device
    patch: tuple[int, int] | None = None
    window: Mapping[str, Any] | None = None

    def __call__(self, model: nn.Module) -> Validation:
        """Validate `model` on all images."""
        return self.tally(model).result()

    def tally(self, model: nn.Module) -> Tally:
        """Count what `model` predicts of all images."""
        images: Rows = self.images
        masks: Rows = self.masks
        if self.patch is not None:
            images, masks = PatchRows(images, self.patch), PatchRows(masks, self.patch)
        histogram = np.zeros((self.classes, 2, BINS), np.int64)
        positives = np.zeros(self.classes, np.int64)
        loss, pixels = 0.0, 0
        how: dict[str, Any] = {"scaling": self.scaling, "device": self.device}
        for rows, probs in predict(model, images, self.rows, window=self.window, **how):
            target = masks[rows]
            batch_loss, batch_pixels = _nll(probs, target)
            loss, pixels = loss + batch_loss, pixels + batch_pixels
            shares, classes = (tensor.cpu().numpy() for tensor in foreground(probs))
            histogram += share_histogram(shares, classes, target, count=self.classes, ignore=IGNORE)
            positives += np.bincount(target.ravel(), minlength=256)[1 : self.classes + 1]
        return Tally(histogram, positives, loss, pixels)


@dataclass(frozen=True)
class TagValidator:
    """Validation on tags alone, for a run that bought no validation mask."""

    images: Rows
    tags: RevealedTags
    rows: NDArray[np.int64]
    options: WeakParams
    scaling: Scaling
    device: torch.device

    def __call__(self, model: nn.Module) -> Validation:
        """Return the mean negative log-likelihood a tag; Dice is unknown without masks.

        The threshold is the fixed one of the options, or Otsu's over the probabilities in boxes
        that hold the class, where both of its populations are.
        """
        loss, number = 0.0, 0
        histogram = np.zeros(otsu.BINS, np.int64)
        for rows, probs in predict(
            model, self.images, self.rows, scaling=self.scaling, device=self.device
        ):
            tags = self.tags[rows]
            scores = probs[:, 1:].logit(eps=1e-6)
            summed, judged = tag_losses(scores, TagTarget.of(tags, self.device), self.options)
            loss, number = loss + float(summed), number + int(judged)
            inside = pixels_with_class(tags.regions, tags.values[..., 0])
            histogram += otsu.probability_counts(probs[:, 1].cpu().numpy()[inside])
        threshold = self.options.threshold
        if probs.shape[1] > 2:  # the options' threshold is one class's
            threshold = 0.5
        elif threshold == "otsu":
            threshold = otsu.otsu_probability(histogram)
        return Validation(float("nan"), loss / max(number, 1), float(threshold))


def pixels_with_class(regions: NDArray[np.uint8], values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which pixels, N x H x W, lie in a box that holds a class.

    Args:
        regions: uint8, N x H x W, box of a pixel or 255. values: N x M, whether a box holds it.
    """
    table = np.zeros((len(regions), 256), bool)
    table[:, : values.shape[1]] = values > 0
    images = np.arange(len(regions))[:, None, None]
    return np.asarray(table[images, regions])


def _nll(probs: torch.Tensor, target: NDArray[np.uint8]) -> tuple[float, int]:
    """Return the summed negative log-likelihood of labeled pixels, and their number."""
    index = torch.from_numpy(target).to(probs.device).long()
    valid = index != IGNORE
    likelihood = probs.gather(1, torch.where(valid, index, 0)[:, None])[:, 0]
    log = likelihood.clamp_min(1e-7).log()
    return -float(log[valid].double().sum()), int(valid.sum())
