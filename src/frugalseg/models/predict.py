"""Probabilities of whole images, batch by batch."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.models.scaling import Scaling


def to_probs(logits: Tensor) -> Tensor:
    """Turn logits (N x 1 or N x K+1 x H x W) into float32 probabilities, N x K+1 x H x W.

    One channel means one foreground class: its sigmoid, with the background's share before it.
    """
    if logits.shape[1] == 1:
        foreground = logits.float().sigmoid()
        return torch.cat([1 - foreground, foreground], dim=1)
    return logits.float().softmax(dim=1)


def to_preds(probs: Tensor, threshold: float) -> Tensor:
    """Turn probabilities into uint8 classes, N x H x W.

    One foreground class is predicted where its probability is at least `threshold`; of several,
    the most probable class wins and the threshold has no part.
    """
    if probs.shape[1] == 2:
        return (probs[:, 1] >= threshold).to(torch.uint8)
    return probs.argmax(dim=1).to(torch.uint8)


def batch_size(shape: tuple[int, ...], device: torch.device) -> int:
    """Return how many images of N x H x W x C make a batch whose memory does not grow with H x W.

    On a processor small batches are as fast as large ones; a GPU wants more at once.
    """
    pixels = 2**22 if device.type == "cuda" else 2**18
    return max(1, pixels // (shape[1] * shape[2]))


@torch.inference_mode()
def predict(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    batch: int | None = None,
) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
    """Yield rows and their probabilities (float32, n x K+1 x H x W, on `device`), in order.

    Args:
        images: uint8, N x H x W x C; only a batch is read at a time.
        batch: images at a time; by default what `batch_size` says.
    """
    model.eval()
    batch = batch or batch_size(images.shape, device)
    for start in range(0, len(rows), batch):
        chosen = rows[start : start + batch]
        yield chosen, to_probs(model(scaling.tensor(images[chosen], device)))
