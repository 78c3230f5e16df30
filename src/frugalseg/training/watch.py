"""Watching masks grow: predictions of a few whole validation images, kept while training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.data.mosaic import Whole, stitch, thinned
from frugalseg.models.predict import to_preds
from frugalseg.models.scaling import Scaling
from frugalseg.models.whole import predict_whole

LONGEST = 320
"""Pixels of the longer side of what is kept."""


@dataclass(frozen=True)
class Watcher:
    """Whole images that are predicted at every `every`-th validation.

    Attributes:
        images: uint8, N x H x W x C; the tiles, where images were cut.
        window: see `frugalseg.models.whole.predict_whole`.
    """

    images: Rows
    wholes: tuple[Whole, ...]
    every: int
    scaling: Scaling
    device: torch.device
    window: Mapping[str, Any] | None = None

    def __call__(self, model: nn.Module, threshold: float) -> list[Tensor]:
        """Return the predicted classes of each image, uint8 h x w, thinned to `LONGEST`."""
        return [self._predict(model, whole, threshold) for whole in self.wholes]

    def _predict(self, model: nn.Module, whole: Whole, threshold: float) -> Tensor:
        batches = predict_whole(
            model,
            self.images,
            whole.rows,
            scaling=self.scaling,
            device=self.device,
            window=self.window,
        )
        pieces = [to_preds(probs, threshold).cpu().numpy() for _, probs in batches]
        stitched = stitch(whole, list(np.concatenate(pieces)))
        return torch.from_numpy(thinned(stitched, LONGEST).copy())
