"""Whole images by sliding window: the network sees windows of the size that it was trained on."""

import itertools
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn


def window_starts(size: int, window: int, overlap: float) -> list[int]:
    """Return where windows begin along a side: evenly spread, at least `overlap` of it shared.

    A window that is longer than the side begins at 0 and is cut to it.
    """
    if window >= size:
        return [0]
    step = max(1, int(window * (1 - overlap)))
    count = -(-(size - window) // step) + 1
    return [round(place * (size - window) / (count - 1)) for place in range(count)]


class SlidingWindow(nn.Module):
    """A network applied window by window; where windows overlap, their logits are averaged."""

    def __init__(self, model: nn.Module, window: tuple[int, int], overlap: float) -> None:
        """Take the network, height and width of a window, and the share that neighbors share."""
        super().__init__()
        self.model, self.window, self.overlap = model, window, overlap

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, N x channels x H x W, of images of any size."""
        sides = images.shape[-2:]
        high, wide = (min(pair) for pair in zip(self.window, sides, strict=True))
        starts = [
            window_starts(side, window, self.overlap)
            for side, window in zip(sides, self.window, strict=True)
        ]
        boxes = [
            (..., slice(y, y + high), slice(x, x + wide)) for y, x in itertools.product(*starts)
        ]
        pieces = [self.model(images[box]) for box in boxes]
        total = pieces[0].new_zeros((*pieces[0].shape[:2], *sides))
        times = total.new_zeros(sides)
        for box, logits in zip(boxes, pieces, strict=True):
            total[box] += logits
            times[box] += 1
        mean: Tensor = total / times
        return mean


def windowed(model: nn.Module, window: Mapping[str, Any] | None) -> nn.Module:
    """Return `model` behind the sliding window of its card (`size`, `overlap`), if it has one."""
    if window is None:
        return model
    height, width = window["size"]
    return SlidingWindow(model, (height, width), window["overlap"])
