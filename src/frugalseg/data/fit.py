"""Bring images of any size to the one size of a stack."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.constants import IGNORE

Pixels = NDArray[np.uint8]


def _resize(array: Pixels, size: tuple[int, int], resample: Image.Resampling) -> Pixels:
    height, width = size
    lone = array.ndim == 3 and array.shape[2] == 1
    picture = Image.fromarray(array[..., 0] if lone else array)
    resized = np.asarray(picture.resize((width, height), resample))
    return resized[..., None] if lone else resized


def stretch(image: Pixels, mask: Pixels | None, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """Resize to `size` (height, width), whatever the aspect ratio.

    The image is resampled with an antialiasing bilinear filter, the mask with the nearest value, so
    that no class appears between two others. Without a mask the target is IGNORE everywhere.
    """
    target = np.full(size, IGNORE, np.uint8)
    if mask is not None:
        target = _resize(mask, size, Image.Resampling.NEAREST)
    return _resize(image, size, Image.Resampling.BILINEAR), target


def pad(image: Pixels, mask: Pixels | None, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """Shrink if larger than `size`, keeping the aspect ratio, and pad bottom and right.

    Image padding repeats the border; mask padding is IGNORE, so that it is never trained on,
    counted or paid for.
    """
    inner = inner_size(image.shape[:2], size)
    small, target = stretch(image, mask, inner)
    sides = [(0, size[0] - inner[0]), (0, size[1] - inner[1])]
    padded = np.pad(small, [*sides, (0, 0)], mode="edge")
    return padded, np.pad(target, sides, constant_values=IGNORE)


def inner_size(image: Sequence[int], size: Sequence[int]) -> tuple[int, int]:
    """Return height and width of an image inside its padding to `size`."""
    scale = min(1.0, size[0] / image[0], size[1] / image[1])
    height, width = (
        max(1, min(side, round(length * scale))) for side, length in zip(size, image, strict=True)
    )
    return height, width


Fit = Callable[[Pixels, Pixels | None, tuple[int, int]], tuple[Pixels, Pixels]]
FITS: dict[str, Fit] = {"stretch": stretch, "pad": pad}
