"""Batches of labeled images, each a function of its step alone: a run can resume anywhere."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.geometry import draw, grid, output_size, warp_images, warp_target
from frugalseg.data.intensity import jitter
from frugalseg.data.ledger import RevealedMasks
from frugalseg.models.scaling import Scaling
from frugalseg.settings.augment import AugmentParams
from frugalseg.training.order import walk
from frugalseg.training.views import Views


@dataclass(frozen=True)
class TagTarget:
    """The tags of a batch, with at most M boxes an image, over K classes.

    Attributes:
        regions: uint8, N x H x W; the box that a pixel lies in, 255 for none.
        values: float32, N x M x K; 1 where a box holds a class.
        areas: float32, N x M; pixels of a whole box, of which a crop may show a part.
    """

    regions: Tensor
    values: Tensor
    areas: Tensor


@dataclass(frozen=True)
class Batch:
    """What a strategy sees in one step.

    Attributes:
        images: float32, N x C x H x W, scaled for the network, channels last.
        target: uint8, N x H x W; 255 where no label was bought.
        unlabeled: views of a batch of unlabeled images, for a strategy that asks for them.
        tags: what was tagged in the images; None if no tag was bought.
        rows: of the stack's index, for messages; empty where nobody asks.
    """

    images: Tensor
    target: Tensor
    unlabeled: Views | None = None
    tags: TagTarget | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class LabeledBatches:
    """The labeled images of a run, and how a batch is drawn from them.

    Attributes:
        images: uint8, N x H x W x C. rows: the rows of it that have labels.
        augment: what may happen to an image. Crops around labeled foreground are cut from images
            that hold any: where positives are rare, a batch would otherwise mostly hold none.
        key: what the random draws derive from, such as (seed, arm, round).
    """

    images: Rows
    masks: RevealedMasks
    rows: NDArray[np.int64]
    size: int
    augment: AugmentParams
    scaling: Scaling
    device: torch.device
    key: tuple[int | str, ...]

    def __post_init__(self) -> None:
        """Refuse a run without labels."""
        if not len(self.rows):
            raise FrugalsegError(
                "The ledger holds no labeled training image; raise the arm's 'labels'."
            )

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of `step`, counted from 0."""
        return self._view(self._draw(step), step)[0]

    def _view(self, rows: NDArray[np.int64], step: int) -> tuple[Batch, Tensor]:
        """Return the images of `rows` as a step draws them, and where each pixel came from."""
        target = self.masks[rows]
        rng = generator(*self.key, "augment", step)
        maps = draw(self.augment, target, rng, self._around, self.masks.partial(rows))
        size = target.shape[1], target.shape[2]
        where = grid(maps, size, output_size(self.augment, size)).to(self.device)
        images = warp_images(self.scaling.unit(self.images[rows], self.device), where)
        change = {"brightness": self.augment.brightness, "contrast": self.augment.contrast}
        images = jitter(images, **change, rng=rng)
        known = warp_target(torch.from_numpy(target).to(self.device), where)
        named = tuple(int(row) for row in rows)
        return Batch(self.scaling.normalize(images), known, rows=named), where

    @cached_property
    def _positives(self) -> NDArray[np.int64]:
        """The rows that hold labeled foreground; read once, one at a time."""
        masks = (self.masks[row[None]] for row in self.rows)
        held = [bool(((mask > 0) & (mask != IGNORE)).any()) for mask in masks]
        return np.asarray(self.rows[np.array(held, bool)])

    @cached_property
    def _around(self) -> NDArray[np.bool_]:
        """Which places of a batch are for crops around foreground: its first ones."""
        wanted = self.augment.crop.foreground if self.augment.crop else 0.0
        count = round(wanted * self.size) if wanted and len(self._positives) else 0
        return np.arange(self.size) < count

    def _draw(self, step: int) -> NDArray[np.int64]:
        """Return the rows of a step's batch."""
        count = int(self._around.sum())
        positive = self._walk(self._positives, count, step, "positives") if count else self.rows[:0]
        return np.concatenate([positive, self._walk(self.rows, self.size - count, step, "order")])

    def _walk(
        self, rows: NDArray[np.int64], size: int, step: int, purpose: str
    ) -> NDArray[np.int64]:
        return walk(rows, size, step, (*self.key, purpose))
