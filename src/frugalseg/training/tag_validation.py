"""Validation without masks: the tags of the validation images, and Otsu's threshold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.core.rows import Rows
from frugalseg.data.stack import Stack
from frugalseg.data.tags import RevealedTags, tagged_rows
from frugalseg.metrics.otsu import BINS, otsu_probability, probability_counts
from frugalseg.models.predict import predict
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import TagTarget
from frugalseg.training.tag_loss import tag_losses
from frugalseg.training.validation import Validation


@dataclass(frozen=True)
class TagValidator:
    """The validation images of a run of which only tags were bought."""

    images: Rows
    tags: RevealedTags
    rows: NDArray[np.int64]
    options: WeakParams
    scaling: Scaling
    device: torch.device

    def __call__(self, model: nn.Module) -> Validation:
        """Return the mean negative log-likelihood a tag; Dice is not known without masks.

        The threshold is Otsu's over the probabilities in boxes that hold the class, where both of
        its populations are; or the fixed one of the options.
        """
        loss, number = 0.0, 0
        histogram = np.zeros(BINS, np.int64)
        for rows, probs in predict(
            model, self.images, self.rows, scaling=self.scaling, device=self.device
        ):
            tags = self.tags[rows]
            arrays = (tags.regions, tags.values, tags.areas)
            target = TagTarget(*(torch.from_numpy(array).to(self.device) for array in arrays))
            scores = probs[:, 1:].logit(eps=1e-6)
            summed, count = tag_losses(scores, target, self.options)
            loss, number = loss + float(summed), number + int(count)
            inside = held(tags.regions, tags.values[..., 0])
            histogram += probability_counts(probs[:, 1].cpu().numpy()[inside])
        threshold = self.options.threshold
        if probs.shape[1] > 2:  # the most probable class wins, and no threshold has a part
            threshold = 0.5
        elif threshold == "otsu":
            threshold = otsu_probability(histogram)
        return Validation(float("nan"), loss / max(number, 1), float(threshold))


def held(regions: NDArray[np.uint8], values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which pixels, N x H x W, lie in a box that holds a class.

    Args:
        regions: uint8, N x H x W, box of a pixel or 255. values: N x M, whether a box holds it.
    """
    table = np.zeros((len(regions), 256), bool)
    table[:, : values.shape[1]] = values > 0
    found: NDArray[np.bool_] = np.take_along_axis(
        table, regions.reshape(len(regions), -1).astype(np.int64), axis=1
    ).reshape(regions.shape)
    return found


def build_tag_validator(
    stack: Stack,
    ledger: pd.DataFrame,
    options: WeakParams,
    *,
    classes: int,
    scaling: Scaling,
    device: torch.device,
) -> TagValidator:
    """Return the validation by tags, for a run that bought no validation mask."""
    return TagValidator(
        images=stack.images,
        tags=RevealedTags(stack.index, ledger, classes),
        rows=tagged_rows(stack.index, ledger, "val"),
        options=options,
        scaling=scaling,
        device=device,
    )
