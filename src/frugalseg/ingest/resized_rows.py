"""Resizing by rows, so that memory does not grow with the image: of pixels and of probabilities.

The filter is Pillow's antialiasing bilinear one, as when a stack is prepared.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.rows import Rows

Size = tuple[int, int]


class ResizedRows:
    """An image, uint8 H x W x C, at another size; its rows are resized when they are asked for."""

    def __init__(self, image: Rows, size: Size) -> None:
        """Take an image and the height and width that it is to have."""
        self._image = image
        self.shape: tuple[int, ...] = (*size, *image.shape[2:])

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8, len(rows) x width x C, in the order of `rows`."""
        first, last = int(rows.min()), int(rows.max()) + 1
        low, high = _needed(first, last, self._image.shape[0], self.shape[0])
        strip = self._image[np.arange(low, high)]
        source, target = _size(self._image.shape), _size(self.shape)
        planes = [
            _resize(strip[..., channel], low, first, last, source, target)
            for channel in range(self.shape[2])
        ]
        pixels: NDArray[np.uint8] = np.stack(planes, axis=-1)[rows - first]
        return pixels


def resized_bands(
    bands: Iterator[NDArray[np.float32]], source: Size, target: Size
) -> Iterator[NDArray[np.float32]]:
    """Resize probabilities that come in bands of whole rows, K+1 x h x W, from top to bottom.

    Args:
        source, target: height and width of all bands together, and those that they are to have.

    Yields:
        float32, K+1 x h x target width, as soon as the rows that they depend on have come.
    """
    kept, low, first = next(bands), 0, 0
    while True:
        last = _ready(low + kept.shape[1], source[0], target[0])
        if last > first:
            yield np.stack([_resize(plane, low, first, last, source, target) for plane in kept])
        if last == target[0]:
            return
        first = max(first, last)
        start = _needed(first, first + 1, source[0], target[0])[0]
        kept, low = np.concatenate([kept[:, start - low :], next(bands)], axis=1), start


def _needed(first: int, last: int, source: int, target: int) -> tuple[int, int]:
    """Return the rows of the source that the rows from `first` to before `last` depend on."""
    ratio = source / target
    reach = max(ratio, 1.0)  # of the triangle; it is widened where the image shrinks
    low = math.floor((first + 0.5) * ratio - reach)
    high = math.ceil((last - 0.5) * ratio + reach)
    return max(0, low), min(source, high)


def _ready(have: int, source: int, target: int) -> int:
    """Return how many rows of the target can be had of the first `have` rows of the source."""
    ratio = source / target
    if have == source:
        return target
    return max(0, math.floor((have - max(ratio, 1.0)) / ratio + 0.5))


def _resize(
    strip: NDArray[Any], low: int, first: int, last: int, source: Size, target: Size
) -> NDArray[Any]:
    """Return rows `first` to before `last` of the target, of a strip that begins at row `low`."""
    ratio = source[0] / target[0]
    box = (0, first * ratio - low, source[1], min(last * ratio - low, len(strip)))
    picture = Image.fromarray(strip)
    return np.asarray(picture.resize((target[1], last - first), Image.Resampling.BILINEAR, box=box))


def _size(shape: tuple[int, ...]) -> Size:
    return shape[0], shape[1]
