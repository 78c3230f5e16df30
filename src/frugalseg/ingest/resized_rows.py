"""Resize pixels and probabilities by rows, so that memory does not grow with the image.

The filter is Pillow's antialiasing bilinear one, as when a stack is prepared.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.rows import Rows

Size = tuple[int, ...]
"""Height and width."""


class ResizedRows:
    """An image, uint8 H x W x C, at another size; its rows are resized when they are read."""

    def __init__(self, image: Rows, size: Size) -> None:
        """Take an image, and the height and width to resize it to."""
        self._image = image
        self.shape: tuple[int, ...] = (*size, *image.shape[2:])

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8, len(rows) x width x C, in the order of `rows`."""
        first, last = int(rows.min()), int(rows.max()) + 1
        low, high = _needed(first, last, self._image.shape[0], self.shape[0])
        strip = self._image[np.arange(low, high)]
        sizes = self._image.shape[:2], self.shape[:2]
        planes = [_resize(plane, low, first, last, *sizes) for plane in np.moveaxis(strip, -1, 0)]
        return np.asarray(np.stack(planes, axis=-1)[rows - first])


def resized_bands(
    bands: Iterator[NDArray[np.float32]], source: Size, target: Size
) -> Iterator[NDArray[np.float32]]:
    """Resize probabilities that come in bands of whole rows, K+1 x h x W, from top to bottom.

    Args:
        source, target: height and width of all bands together, and those to resize them to.

    Yields:
        float32, K+1 x h x target width, as soon as all rows that they depend on are there.
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
    """Return the range of source rows that the target rows `first` to `last` - 1 depend on."""
    ratio = source / target
    reach = max(ratio, 1.0)  # of the triangle filter, which is wider where the image shrinks
    low = math.floor((first + 0.5) * ratio - reach)
    high = math.ceil((last - 0.5) * ratio + reach)
    return max(0, low), min(source, high)


def _ready(have: int, source: int, target: int) -> int:
    """Return how many target rows depend on the first `have` source rows alone."""
    if have == source:
        return target
    ratio = source / target
    return max(0, math.floor((have - max(ratio, 1.0)) / ratio + 0.5))


def _resize(
    strip: NDArray[Any], low: int, first: int, last: int, source: Size, target: Size
) -> NDArray[Any]:
    """Return the target rows `first` to `last` - 1 from a strip that begins at source row `low`."""
    ratio = source[0] / target[0]
    box = (0, first * ratio - low, source[1], min(last * ratio - low, len(strip)))
    picture = Image.fromarray(strip)
    return np.asarray(picture.resize((target[1], last - first), Image.Resampling.BILINEAR, box=box))
