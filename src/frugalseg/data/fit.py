"""Bring images of any size to the one size of a stack, and find them in it again."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.constants import IGNORE

Pixels = NDArray[np.uint8]


def _resize(array: Pixels, size: tuple[int, int], resample: Image.Resampling) -> Pixels:
    height, width = size
    has_one_channel = array.ndim == 3 and array.shape[2] == 1
    picture = Image.fromarray(array[..., 0] if has_one_channel else array)
    resized = np.asarray(picture.resize((width, height), resample))
    return resized[..., None] if has_one_channel else resized


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


def extents(index: pd.DataFrame, fit: str) -> pd.DataFrame:
    """Return `height` and `width` of each image in the stack without its padding.

    Padding lies below and to the right of an image, so it begins there.

    Args:
        index: of a stack; `height` and `width` of the images as stored, `stack_height` and
            `stack_width`.
        fit: how they were brought to the stack's size, from its card: `stretch` or `pad`.

    Returns:
        int64, with the index of `index`.
    """
    sizes = index[["stack_height", "stack_width"]].to_numpy(np.int64)
    if fit == "pad":
        images = index[["height", "width"]].to_numpy(np.int64)
        pairs = zip(images.tolist(), sizes.tolist(), strict=True)
        sizes = np.array([inner_size(image, size) for image, size in pairs], np.int64)
    return pd.DataFrame(sizes.reshape(-1, 2), columns=["height", "width"], index=index.index)


def stack_scale(index: pd.DataFrame, fit: str) -> tuple[float, float]:
    """Return pixels of the stack per pixel of the images, down and across: their median.

    Of tiles it is the scale at which their images were cut.
    """
    if "source_id" in index:
        ends = {"y": index["tile_y"] + index["height"], "x": index["tile_x"] + index["width"]}
        images = index.assign(**ends).groupby("source_id")
        down, across = images["y"].max(), images["x"].max()
        heights, widths = images["source_height"].first(), images["source_width"].first()
        return float((down / heights).median()), float((across / widths).median())
    sides = ["height", "width"]
    ratios = (extents(index, fit)[sides] / index[sides]).median()
    return float(ratios["height"]), float(ratios["width"])
