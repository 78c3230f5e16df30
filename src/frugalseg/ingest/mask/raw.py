"""Masks as stored: the values of the file, and their gray levels."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.arrays import read_mat, read_npy
from frugalseg.ingest.decode import MAX_PIXELS, Palette, decode

_COLOR_SPREAD = 16


def read_mask(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    palette: Palette = "index",
    variable: str | None = None,
) -> NDArray[Any]:
    """Read a mask's raw values: a picture, a `.npy` array or a matrix of a `.mat` file.

    Args:
        max_pixels: height x width above which the file is refused unread.
        palette: whether a palette picture gives its indices or the colors they stand for.
        variable: the matrix of a `.mat` file, `struct.field` for a field.

    Returns:
        H x W, or H x W x 3 for colors; numbers as stored, one-bit and logical masks as 0 and 255.

    Raises:
        FrugalsegError: naming the file: unreadable, too large, of another shape, NaN.
    """
    suffix = path.suffix.lower()
    if suffix == ".npy":
        raw = read_npy(path, max_pixels=max_pixels)
    elif suffix == ".mat":
        raw = read_mat(path, max_pixels=max_pixels, variable=variable)
    else:
        raw = decode(path, max_pixels=max_pixels, palette=palette)
    if raw.dtype.kind == "b":
        return raw.astype(np.uint8) * np.uint8(255)
    if raw.dtype.kind == "f" and not np.isfinite(raw).all():
        raise FrugalsegError(f"{path}: the mask holds NaN or infinite values. Draw it again.")
    return raw


def histogram(raw: NDArray[Any]) -> NDArray[np.int64]:
    """Count the gray levels 0..255 of a raw mask, see `to_gray`; int64, 256."""
    return count_levels(to_gray(raw))


def count_levels(gray: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count the values 0..255 of a uint8 array, H x W; int64, 256."""
    # several times faster than np.bincount, and without blocking other threads
    return np.array(Image.fromarray(gray).histogram(), np.int64)


def to_gray(raw: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a raw mask as uint8 gray levels, H x W.

    Integers within 0..255 stay; floats within 0..1 become 0..255; RGB of nearly equal channels
    becomes its luma.

    Raises:
        FrugalsegError: colors, or values outside 0..255.
    """
    if raw.ndim == 3:
        spread = raw.max(axis=2).astype(np.int64) - raw.min(axis=2)
        if spread.max() > _COLOR_SPREAD:
            raise FrugalsegError("expected a gray mask, found colors. Use the method colors.")
        luma = np.array([299, 587, 114])  # ITU-R 601, in thousandths
        return np.asarray(raw.astype(np.int64) @ luma // 1000, np.uint8)
    if raw.dtype == np.uint8:
        return raw
    low, high = raw.min(), raw.max()
    if raw.dtype.kind == "f" and low >= 0 and high <= 1:
        return np.asarray(np.rint(raw * 255), np.uint8)
    if low < 0 or high > 255 or (raw.dtype.kind == "f" and (raw != np.rint(raw)).any()):
        raise FrugalsegError(
            f"expected gray levels 0..255 or 0..1, found {raw.dtype} values from {low} to {high}. "
            "Use the method nonzero, threshold, equals or index."
        )
    return raw.astype(np.uint8)
