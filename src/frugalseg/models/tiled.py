"""Prediction of images of any size tile by tile, in the memory of one row of tiles.

Probabilities of overlapping tiles are averaged with Gaussian weights, so that a tile's rim, where
the network sees least context, counts least (Isensee 2021, nnU-Net, Methods; the weights are those
of MONAI's `sliding_window_inference`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.models.scaling import Scaling

SIGMA = 1 / 8
"""Standard deviation of the weights, as a share of a tile's side."""
LEAST_WEIGHT = 1e-3


def batch_size(shape: tuple[int, ...], device: torch.device) -> int:
    """Return how many images of N x H x W x C make a batch whose memory does not grow with H x W.

    On a processor small batches are as fast as large ones; a GPU needs more at once.
    """
    pixels = 2**22 if device.type == "cuda" else 2**18
    return max(1, pixels // (shape[1] * shape[2]))


@dataclass(frozen=True)
class Tiling:
    """How an image is cut into tiles.

    Attributes:
        size: height and width of a tile in pixels, as the network takes it.
        overlap: share of a tile that the next tile covers too, in [0, 1).
    """

    size: tuple[int, int]
    overlap: float = 0.5

    def __post_init__(self) -> None:
        """Raise FrugalsegError for empty tiles, or tiles that never advance."""
        if min(self.size) < 1 or not 0 <= self.overlap < 1:
            raise FrugalsegError(
                f"expected tiles of at least one pixel and an overlap of at least 0 and under 1; "
                f"found tiles of {self.size} and an overlap of {self.overlap}."
            )


@dataclass(frozen=True)
class Axis:
    """Where tiles lie along one side of an image.

    Attributes:
        starts: the first pixel of every tile, along the padded side.
        source: int64, the pixel of the image that every pixel of the padded side shows.
        before: pixels of padding before the image.
    """

    starts: list[int]
    source: NDArray[np.int64]
    before: int


def lay_tiles(size: int, tile: int, overlap: float) -> Axis:
    """Lay tiles along a side of `size` pixels, one every (1 - `overlap`) `tile`.

    A side that fits into one tile is one tile, reflected at its end, so that the network sees an
    image of its training size as it did in training. A longer side is reflected at both ends by
    half of the overlap, so that no pixel lies at the rim of all its tiles.
    """
    stride = max(1, int(tile * (1 - overlap)))
    before, count = 0, 1
    if size > tile:
        before = (tile - stride) // 2
        count = -(-(size + 2 * before - tile) // stride) + 1
    length = tile + (count - 1) * stride
    source = np.pad(np.arange(size), (before, length - size - before), mode="reflect")
    return Axis([place * stride for place in range(count)], source, before)


def gaussian_weights(size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the weight of every pixel of a tile, float32, height x width, in [1e-3, 1]."""
    offsets = [(np.arange(side) - (side - 1) / 2) / (SIGMA * side) for side in size]
    sides = [np.exp(-0.5 * offset**2) for offset in offsets]
    weights: NDArray[np.float32] = np.outer(*sides).clip(LEAST_WEIGHT).astype(np.float32)
    return weights


class _Strip:
    """Weighted sums over one row of tiles, whose finished rows are taken off the top."""

    def __init__(self, weights: Tensor, length: int) -> None:
        self._weights, self._length = weights, length
        self._sums: Tensor | None = None
        self._norm = weights.new_zeros((weights.shape[0], length))

    def add(self, probs: Tensor, starts: list[int]) -> None:
        """Add tiles, n x K+1 x height x width, that begin at the columns `starts`."""
        if self._sums is None:
            height = self._weights.shape[0]
            self._sums = probs.new_zeros((probs.shape[1], height, self._length))
        for tile, start in zip(probs * self._weights, starts, strict=True):
            columns = slice(start, start + self._weights.shape[1])
            self._sums[..., columns] += tile
            self._norm[:, columns] += self._weights

    def take(self, rows: int) -> Tensor:
        """Return the mean of the first `rows`, K+1 x rows x length, and drop them."""
        if self._sums is None:
            raise ValueError("nothing was added")
        mean = self._sums[:, :rows] / self._norm[:rows]
        for sums in (self._sums, self._norm):
            kept = sums[..., rows:, :].clone()
            sums.zero_()
            sums[..., : kept.shape[-2], :] = kept
        return mean


@torch.inference_mode()
def blend_tiles(
    network: Callable[[Tensor], Tensor],
    image: Rows,
    *,
    tiling: Tiling,
    scaling: Scaling,
    device: torch.device,
    batch: int | None = None,
) -> Iterator[NDArray[np.float32]]:
    """Yield the blended outputs of an image's tiles in bands, float32, M x h x W, top to bottom.

    The h of all bands add up to H.

    Args:
        network: maps scaled tiles, N x C x H x W, to values that may be averaged, N x M x H x W;
            called on the tiles in a fixed order, whatever `batch` is.
        image: uint8, H x W x C; only the rows of one row of tiles are read at a time.
        batch: tiles at a time; by default what fits `device`.
    """
    (high, wide), (height, width) = tiling.size, image.shape[:2]
    down, across = (
        lay_tiles(side, tile, tiling.overlap)
        for side, tile in zip((height, width), tiling.size, strict=True)
    )
    strip = _Strip(torch.from_numpy(gaussian_weights(tiling.size)).to(device), len(across.source))
    batch = batch or batch_size((1, high, wide), device)
    columns = slice(across.before, across.before + width)
    ends = [*down.starts[1:], len(down.source)]
    for start, end in zip(down.starts, ends, strict=True):
        rows = image[down.source[start : start + high]][:, across.source]
        for first in range(0, len(across.starts), batch):
            chosen = across.starts[first : first + batch]
            tiles = np.stack([rows[:, left : left + wide] for left in chosen])
            strip.add(network(scaling.tensor(tiles, device)), chosen)
        band = strip.take(end - start)
        inside = slice(max(0, down.before - start), down.before + height - start)
        band = band[:, inside, columns]
        if band.shape[1]:
            yield band.cpu().numpy()
