"""Batches of unlabeled images, each a function of its step alone. No mask is ever read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.blur import blur
from frugalseg.data.cutmix import draw_boxes, mix
from frugalseg.data.fit import extents
from frugalseg.data.geometry import draw, grid, output_size, warp_images, warp_target
from frugalseg.data.intensity import jitter
from frugalseg.data.split import read_split, unlabeled_rows
from frugalseg.data.stack import Stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.augment import AugmentParams
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.training.batches import Batch
from frugalseg.training.order import walk
from frugalseg.training.views import Views


@dataclass(frozen=True)
class UnlabeledBatches:
    """The unlabeled images of a run, and how views of them are drawn.

    Attributes:
        images: uint8, N x H x W x C. rows: the unlabeled ones.
        content: int, N x 2: height and width of each stack image without its padding.
        views: strong views of each image.
        augment: of the training section; its geometry is drawn for all views alike.
        strong: what only the strong views go through.
        key: what the random draws derive from, such as (seed, arm, round).
    """

    images: Rows
    rows: NDArray[np.int64]
    content: NDArray[np.int64]
    size: int
    views: int
    augment: AugmentParams
    strong: UnlabeledParams
    scaling: Scaling
    device: torch.device
    key: tuple[int | str, ...]

    def __post_init__(self) -> None:
        """Refuse a run without unlabeled images."""
        if not len(self.rows):
            raise FrugalsegError(
                "This strategy learns from unlabeled images, and there are none: every image of "
                "the training pool was bought and the data set has no part 'unlabeled'. Lower the "
                "arm's 'labels', add images without masks, or use the strategy 'supervised'."
            )

    def __getitem__(self, step: int) -> Views:
        """Return the views of `step`, counted from 0."""
        rows = walk(self.rows, self.size, step, (*self.key, "unlabeled"))
        known = self._known(rows)
        size = known.shape[1], known.shape[2]
        maps = draw(self.augment, known, generator(*self.key, "unlabeled-geometry", step))
        where = grid(maps, size, output_size(self.augment, size)).to(self.device)
        images = warp_images(self.scaling.unit(self.images[rows], self.device), where)
        valid = warp_target(torch.from_numpy(known).to(self.device), where) != IGNORE
        pairs = [self._strong(images, step, view) for view in range(self.views)]
        return Views(
            self.scaling.normalize(images),
            tuple(image for image, _ in pairs),
            tuple(boxes for _, boxes in pairs),
            valid,
        )

    def _known(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return 0 for the pixels of the images and IGNORE for their padding, uint8 N x H x W."""
        known = np.full((len(rows), *self.images.shape[1:3]), IGNORE, np.uint8)
        for place, (height, width) in enumerate(self.content[rows]):
            known[place, :height, :width] = 0
        return known

    def _strong(self, images: Tensor, step: int, view: int) -> tuple[Tensor, Tensor]:
        """Return a strong view, scaled for the network, and its CutMix boxes."""
        rng = generator(*self.key, "strong", view, step)
        options = self.strong
        changed = blur(images, options.blur, rng)
        changed = jitter(changed, brightness=options.brightness, contrast=options.contrast, rng=rng)
        if options.noise:
            noise = torch.from_numpy(rng.standard_normal(images.shape, np.float32))
            changed = (changed + options.noise * noise.to(images.device)).clamp(0, 1)
        number, _, height, width = images.shape
        boxes = draw_boxes(number, (height, width), options.cutmix, rng).to(images.device)
        mixed = mix(changed, boxes) if options.cutmix else changed
        mixed = mixed.contiguous(memory_format=torch.channels_last)
        return self.scaling.normalize(mixed), boxes


def joined(
    labeled: Callable[[int], Batch], unlabeled: Callable[[int], Views]
) -> Callable[[int], Batch]:
    """Return a function that gives one labeled and one unlabeled batch a step."""
    return lambda step: replace(labeled(step), unlabeled=unlabeled(step))


def build_unlabeled_batches(
    params: UnlabeledParams,
    stack: Stack,
    ledger: pd.DataFrame,
    split: Path | None,
    card: dict[str, Any],
    *,
    batch: int,
    views: int,
    augment: AugmentParams,
    scaling: Scaling,
    device: torch.device,
    key: tuple[int | str, ...],
) -> UnlabeledBatches:
    """Build the unlabeled batches of a run; of the split and the ledger only names are used.

    Args:
        batch: size of the labeled batches, taken where `params` says none.
        views: strong views of each image.
    """
    if split is None:
        raise FrugalsegError(
            "This strategy learns from unlabeled images, but its arm has no section 'unlabeled'. "
            "Add 'unlabeled: {}' to the arm in params.yaml."
        )
    parts = read_split(split)
    return UnlabeledBatches(
        images=stack.images,
        rows=unlabeled_rows(stack.index, parts, ledger),
        content=content_sizes(stack.index, card["fit"]),
        size=params.batch or batch,
        views=views,
        augment=augment,
        strong=params,
        scaling=scaling,
        device=device,
        key=key,
    )


def content_sizes(index: pd.DataFrame, fit: str) -> NDArray[np.int64]:
    """Return height and width of every stack image without its padding, int64 N x 2, by row."""
    return extents(index.sort_values("row"), fit).to_numpy(np.int64)
