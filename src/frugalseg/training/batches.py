"""Batches of labeled images. Each is a function of its step alone, so a run can resume anywhere."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.cutmix import mix
from frugalseg.data.geometry import draw, grid, output_size, warp_images, warp_target
from frugalseg.data.intensity import jitter
from frugalseg.data.ledger import RevealedMasks
from frugalseg.data.tags import Tags
from frugalseg.models.scaling import Scaling
from frugalseg.settings.augment import AugmentParams


@dataclass(frozen=True)
class TagTarget:
    """The tags of a batch as tensors: at most M boxes an image, over K classes.

    Attributes:
        regions: uint8, N x H x W; the number of the box that a pixel lies in, 255 for none.
        values: float32, N x M x K; 1 where a box holds a class.
        areas: float32, N x M; pixels of a whole box, of which a crop may show a part.
    """

    regions: Tensor
    values: Tensor
    areas: Tensor

    @classmethod
    def of(cls, tags: Tags, device: torch.device) -> Self:
        """Copy `tags` to a device."""
        arrays = (tags.regions, tags.values, tags.areas)
        return cls(*(torch.from_numpy(array).to(device) for array in arrays))


@dataclass(frozen=True)
class Views:
    """A weak view and one or two strong views of unlabeled images; all show the same crops.

    Attributes:
        weak: float32, N x C x H x W, scaled for the network: geometry only.
        strong: same shape; changed in intensity and mixed by CutMix, each in its own way.
        boxes: bool, N x 1 x H x W, one a strong view: where it shows the batch's next image.
        valid: bool, N x H x W; False at padding and beyond the image's rim, in the weak view.
    """

    weak: Tensor
    strong: tuple[Tensor, ...]
    boxes: tuple[Tensor, ...]
    valid: Tensor

    def mixed(self, values: Tensor, view: int) -> Tensor:
        """Apply the CutMix of strong view `view` to values of the weak view (N x ... x H x W)."""
        return mix(values, self.boxes[view])


@dataclass(frozen=True)
class Batch:
    """What a strategy sees in one step.

    Attributes:
        images: float32, N x C x H x W, scaled for the network, channels last.
        target: uint8, N x H x W; 255 where no label was bought.
        unlabeled: views of a batch of unlabeled images, for strategies that ask for them.
        tags: tags of the images; None if no tag was bought.
        rows: of the images in the stack's index, for messages.
    """

    images: Tensor
    target: Tensor
    unlabeled: Views | None = None
    tags: TagTarget | None = None
    rows: tuple[int, ...] = ()

    @property
    def views(self) -> Views:
        """The unlabeled views; an error in a batch without any."""
        if self.unlabeled is None:
            raise FrugalsegError(
                "This strategy learns from unlabeled images too; found a batch without any. Set "
                "the strategy's `strong_views`, so that its batches hold them."
            )
        return self.unlabeled


@dataclass(frozen=True, kw_only=True)
class ImageSource:
    """Images, and how a batch of them is drawn and transformed.

    Attributes:
        images: uint8, N x H x W x C. rows: the rows of it that are drawn from.
        size: images in a batch.
        augment: what may happen to an image.
        key: seeds the random draws, such as (seed, arm, round).
    """

    images: Rows
    rows: NDArray[np.int64]
    size: int
    augment: AugmentParams
    scaling: Scaling
    device: torch.device
    key: tuple[int | str, ...]

    def warp(
        self, rows: NDArray[np.int64], target: NDArray[np.uint8], maps: NDArray[np.float32]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Apply affine `maps` to the images of `rows` and to their target.

        Returns:
            Images, float32 in [0, 1], n x C x h x w; the target, uint8, n x h x w; and the grid,
            n x h x w x 2, at which both were sampled.
        """
        size = target.shape[1], target.shape[2]
        where = grid(maps, size, output_size(self.augment, size)).to(self.device)
        images = warp_images(self.scaling.unit(self.images[rows], self.device), where)
        return images, warp_target(torch.from_numpy(target).to(self.device), where), where


@dataclass(frozen=True, kw_only=True)
class LabeledBatches(ImageSource):
    """Batches of the labeled images of a run.

    Crops around labeled foreground are cut from images that hold any: where positives are rare, a
    batch would otherwise mostly hold none.
    """

    masks: RevealedMasks

    def __post_init__(self) -> None:
        """Refuse a run without labels."""
        if not len(self.rows):
            raise FrugalsegError(
                "The ledger holds no labeled training image; raise the arm's 'labels'."
            )

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of `step`, counted from 0."""
        return self._transform(self._draw(step), step)[0]

    def _transform(self, rows: NDArray[np.int64], step: int) -> tuple[Batch, Tensor]:
        """Return the augmented batch of `rows`, and the grid at which its pixels were sampled."""
        target = self.masks[rows]
        rng = generator(*self.key, "augment", step)
        maps = draw(self.augment, target, rng, self._around, self.masks.partial(rows))
        images, warped, where = self.warp(rows, target, maps)
        change = {"brightness": self.augment.brightness, "contrast": self.augment.contrast}
        images = self.scaling.normalize(jitter(images, **change, rng=rng))
        return Batch(images, warped, rows=tuple(rows.tolist())), where

    @cached_property
    def _positives(self) -> NDArray[np.int64]:
        """The rows that hold labeled foreground; masks are read once, one at a time."""
        masks = (self.masks[row[None]] for row in self.rows)
        is_positive = [bool(((mask > 0) & (mask != IGNORE)).any()) for mask in masks]
        return np.asarray(self.rows[np.array(is_positive, bool)])

    @cached_property
    def _around(self) -> NDArray[np.bool_]:
        """Which places of a batch are for crops around foreground: its first ones."""
        share = self.augment.crop.foreground if self.augment.crop else 0.0
        count = round(share * self.size) if share and len(self._positives) else 0
        return np.arange(self.size) < count

    def _draw(self, step: int) -> NDArray[np.int64]:
        """Return the rows of a step's batch."""
        count = int(self._around.sum())
        rest = walk(self.rows, self.size - count, step, (*self.key, "order"))
        if not count:
            return rest
        return np.concatenate([walk(self._positives, count, step, (*self.key, "positives")), rest])


def walk(
    rows: NDArray[np.int64], size: int, step: int, key: tuple[int | str, ...]
) -> NDArray[np.int64]:
    """Return the `size` rows of a step, from a walk through one permutation an epoch.

    A batch may end one epoch and begin the next.
    """
    epochs, within = np.divmod(np.arange(step * size, (step + 1) * size), len(rows))
    orders = {
        int(epoch): generator(*key, int(epoch)).permutation(rows) for epoch in np.unique(epochs)
    }
    return np.array([orders[int(e)][w] for e, w in zip(epochs, within, strict=True)], np.int64)
