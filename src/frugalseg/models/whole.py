"""Probabilities of a stack's images as the card of a model says: at once, or by sliding window."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.models.predict import predict, to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, blend_tiles


def window_tiling(window: Mapping[str, Any] | None) -> Tiling | None:
    """Return the tiles of a card's sliding window (`size`, `overlap`); None if it has none."""
    if window is None:
        return None
    height, width = window["size"]
    return Tiling((height, width), window["overlap"])


def predict_whole(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    window: Mapping[str, Any] | None = None,
    batch: int | None = None,
) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
    """Yield rows and their probabilities (float32, n x K+1 x H x W, on `device`), in order.

    Args:
        images: uint8, N x H x W x C.
        window: the sliding window by which an image is predicted, as `frugalseg predict` does; None
            for the whole of it at once.
        batch: images, or windows of an image, at a time; by default what fits `device`.
    """
    tiling = window_tiling(window)
    if tiling is None:
        yield from predict(model, images, rows, scaling=scaling, device=device, batch=batch)
        return
    model.eval()
    for row in rows:
        bands = blend_tiles(
            lambda tiles: to_probs(model(tiles)),
            images[row[None]][0],
            tiling=tiling,
            scaling=scaling,
            device=device,
            batch=batch,
        )
        probs = np.concatenate(list(bands), axis=1)
        yield row[None], torch.from_numpy(probs)[None].to(device)
