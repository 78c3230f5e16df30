"""Batches of labeled or tagged images, each a function of its step: a run can resume anywhere."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
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
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import sources
from frugalseg.data.tags import RevealedTags, Tags
from frugalseg.models.scaling import Scaling
from frugalseg.settings.training import AugmentParams


@dataclass(frozen=True)
class TagTarget:
    """The tags of a batch as tensors; shapes and dtypes are those of `frugalseg.data.tags.Tags`.

    `areas` counts the pixels of whole boxes, of which a crop may show a part.
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
        """The unlabeled views, which the batches of a strategy with `strong_views` hold."""
        if self.unlabeled is None:
            raise FrugalsegError("The batch has no unlabeled images: set `strong_views`.")
        return self.unlabeled


@dataclass(frozen=True, kw_only=True)
class ImageSource:
    """Images, and how a batch of them is drawn and transformed.

    Attributes:
        images: uint8, N x H x W x C. rows: the rows of it that are drawn from.
        size: images in a batch.
        augment: what may happen to an image.
        key: seeds the random draws, such as (seed, round).
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


@dataclass(frozen=True, kw_only=True)
class TaggedBatches(LabeledBatches):
    """Batches of images with tags, some of them perhaps with masks too.

    Attributes:
        tags: of the images in `rows`.
        strata: one a row of `rows`; each is drawn equally often. With the sources of the images as
            strata, a rare source counts as much as a common one. None draws every image equally
            often.
    """

    tags: RevealedTags
    strata: NDArray[np.object_] | None = None

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of `step`, counted from 0."""
        rows = self._draw(step)
        batch, where = self._transform(rows, step)
        tags = TagTarget.of(self.tags[rows], self.device)
        return replace(batch, tags=replace(tags, regions=warp_target(tags.regions, where)))

    def _draw(self, step: int) -> NDArray[np.int64]:
        """Return the rows of a step's batch; the strata take turns."""
        if self.strata is None:
            return super()._draw(step)
        names = sorted(set(self.strata.tolist()), key=str)
        rng = generator(*self.key, "strata", step)
        members = [
            self.rows[self.strata == names[turn % len(names)]]
            for turn in range(step * self.size, (step + 1) * self.size)
        ]
        return np.array([rows[rng.integers(len(rows))] for rows in members], np.int64)


def check_tags(tags: RevealedTags, rows: NDArray[np.int64], *, masks: bool) -> None:
    """Refuse tags that teach nothing: all boxes agree on every class, and no mask was bought.

    Args:
        masks: whether masks were bought too.

    Raises:
        FrugalsegError: no class is tagged present somewhere and absent elsewhere.
    """
    bought = tags[rows]
    values = bought.values[bought.areas > 0]  # boxes x classes
    both = (values.max(axis=0, initial=0) > 0) & (values.min(axis=0, initial=1) < 1)
    if not masks and not both.any():
        answer = "present" if len(values) and values.any() else "absent"
        raise FrugalsegError(
            f"Tags need both answers to teach anything; found {len(values)} boxes of "
            f"{len(rows)} images, every class {answer} in all of them. Tag finer boxes "
            "(tags.grids, such as [[1, 1], [4, 4]]), more images (tags.share), or buy some masks."
        )


def strata(
    index: pd.DataFrame,
    rows: NDArray[np.int64],
    tags: RevealedTags,
    balance: str,
    origin: str | None,
) -> NDArray[np.object_] | None:
    """Return the stratum of each row: its source or its tag, as `balance` says; None for `none`.

    Args:
        origin: finds an image's source in its name; without it `source` falls back to the tag.
    """
    if balance == "none":
        return None
    if balance == "source" and origin is not None:
        return sources(index.set_index("row").loc[rows, "image_id"], origin)
    values = tags[rows].values.max(axis=1)  # images x classes
    return np.array(["+".join(map(str, np.flatnonzero(one))) for one in values], object)


def walk(
    rows: NDArray[np.int64], size: int, step: int, key: tuple[int | str, ...]
) -> NDArray[np.int64]:
    """Return the `size` rows of a step, from a walk through one order of the rows an epoch.

    A batch may end one epoch and begin the next. The order comes from a random number for every row
    of the stack, so two arms see the images that both have bought in the same order.
    """
    epochs, within = np.divmod(np.arange(step * size, (step + 1) * size), len(rows))
    orders = {int(epoch): _order(rows, (*key, int(epoch))) for epoch in np.unique(epochs)}
    return np.array([orders[int(e)][w] for e, w in zip(epochs, within, strict=True)], np.int64)


def _order(rows: NDArray[np.int64], key: tuple[int | str, ...]) -> NDArray[np.int64]:
    places = generator(*key).random(int(rows.max()) + 1)
    return rows[np.argsort(places[rows], kind="stable")]
