"""Probabilities of whole images, batch by batch or by sliding window."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, batch_size, blend_tiles


def to_probs(logits: Tensor) -> Tensor:
    """Turn logits (N x 1 or N x K+1 x H x W) into float32 probabilities, N x K+1 x H x W.

    One channel means one foreground class: its sigmoid, after the share of the background.
    """
    if logits.shape[1] == 1:
        foreground = logits.float().sigmoid()
        return torch.cat([1 - foreground, foreground], dim=1)
    return logits.float().softmax(dim=1)


def foreground(probs: Tensor) -> tuple[Tensor, Tensor]:
    """Return the foreground share and the most probable foreground class of each pixel.

    The share is what that class has of the probability of itself and the background together: of
    one class its probability; of several, at least 0.5 where the class is the most probable of all.

    Args:
        probs: float32, N x K+1 x H x W.

    Returns:
        float32 in [0, 1] and uint8 from 1 to K, both N x H x W.
    """
    if probs.shape[1] == 2:
        return probs[:, 1], torch.ones_like(probs[:, 1], dtype=torch.uint8)
    best, place = probs[:, 1:].max(dim=1)
    return best / (best + probs[:, 0]), (place + 1).to(torch.uint8)


def to_preds(probs: Tensor, threshold: float) -> Tensor:
    """Turn probabilities (N x K+1 x H x W) into uint8 classes, N x H x W.

    The most probable foreground class is predicted where its share is at least `threshold`, see
    `foreground`; at 0.5 that is the most probable of all classes.
    """
    shares, classes = foreground(probs)
    return classes * (shares >= threshold)


def window_tiling(window: Mapping[str, Any] | None) -> Tiling | None:
    """Return the tiles of a card's sliding window (`size`, `overlap`); None without a window."""
    if window is None:
        return None
    height, width = window["size"]
    return Tiling((height, width), window["overlap"])


@torch.inference_mode()
def predict(
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
        images: uint8, N x H x W x C; only a batch is read at a time.
        window: the sliding window by which an image is predicted, as `frugalseg predict` does; None
            for whole images.
        batch: images, or windows of an image, at a time; by default what `batch_size` returns.
    """
    model.eval()
    tiling = window_tiling(window)
    if tiling is None:
        batch = batch or batch_size(images.shape, device)
        for start in range(0, len(rows), batch):
            chosen = rows[start : start + batch]
            yield chosen, to_probs(model(scaling.tensor(images[chosen], device)))
        return
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
