"""Batches of unlabeled images, each a function of its step alone. No mask is ever read."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.data.blur import blur
from frugalseg.data.cutmix import draw_boxes, mix
from frugalseg.data.geometry import draw
from frugalseg.data.intensity import jitter
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.training.batches import ImageSource, Views, walk


@dataclass(frozen=True, kw_only=True)
class UnlabeledBatches(ImageSource):
    """Views of the unlabeled images of a run; the geometry of `augment` is the same in all views.

    Attributes:
        content: int, N x 2: height and width of each stack image without its padding.
        views: number of strong views of each image.
        strong: what happens to the strong views only.
    """

    content: NDArray[np.int64]
    views: int
    strong: UnlabeledParams

    def __post_init__(self) -> None:
        """Refuse a run without unlabeled images."""
        if not len(self.rows):
            raise FrugalsegError(
                "This strategy learns from unlabeled images, and there are none: every image of "
                "the training pool and of part 'unlabeled' was bought, or is in the group of a "
                "validation or test image or a duplicate of one. Lower the arm's 'labels' or "
                "'duplicates.distance', add images without masks, or use the strategy 'supervised'."
            )

    def __getitem__(self, step: int) -> Views:
        """Return the views of `step`, counted from 0."""
        rows = walk(self.rows, self.size, step, (*self.key, "unlabeled"))
        padding = np.full((len(rows), *self.images.shape[1:3]), IGNORE, np.uint8)
        for image, (height, width) in zip(padding, self.content[rows], strict=True):
            image[:height, :width] = 0
        maps = draw(self.augment, padding, generator(*self.key, "unlabeled-geometry", step))
        images, target, _ = self.warp(rows, padding, maps)
        strong = [self._strong(images, step, view) for view in range(self.views)]
        return Views(
            self.scaling.normalize(images),
            tuple(image for image, _ in strong),
            tuple(boxes for _, boxes in strong),
            target != IGNORE,
        )

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
