"""Masks as stored: the values of the file, and their gray levels."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.arrays import read_mat, read_npy
from frugalseg.ingest.decode import MAX_PIXELS, decode

Palette = Literal["index", "gray", "color"]
"""How palette pictures are read: as indices; as indices, but as gray levels where all colors are
gray; as colors."""

_COLOR_SPREAD = 16
_DEEP_WHITE = 65535


def read_mask(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    palette: Palette = "index",
    variable: str | None = None,
) -> NDArray[Any]:
    """Read a mask's raw values: a picture, a `.npy` array or a matrix of a `.mat` file.

    Values are those stored: MinIsWhite is not inverted. Where the alpha band of a picture varies,
    pixels less than half opaque are 0, and if all others are black too, alpha is the mask.

    Args:
        max_pixels: height x width above which the file is refused unread.
        variable: the matrix of a `.mat` file, `struct.field` for a field.

    Returns:
        H x W, or H x W x 3 for colors; numbers as stored, one-bit and logical masks as bool.

    Raises:
        FrugalsegError: naming the file: unreadable, too large, of another shape, NaN.
    """
    suffix = path.suffix.lower()
    if suffix == ".npy":
        raw = _without_alpha(read_npy(path, max_pixels=max_pixels))
    elif suffix == ".mat":
        raw = _without_alpha(read_mat(path, max_pixels=max_pixels, variable=variable))
    else:
        raw = _read_picture(path, max_pixels, palette)
    if raw.dtype.kind == "f" and not np.isfinite(raw).all():
        raise FrugalsegError(f"{path}: the mask holds NaN or infinite values. Draw it again.")
    return raw


def _read_picture(path: Path, max_pixels: int, palette: Palette) -> NDArray[Any]:
    picture = decode(path, max_pixels=max_pixels)
    raw, colors = picture.pixels, picture.palette
    if colors is not None and palette != "index":
        used = np.flatnonzero(count_levels(raw))
        if used[-1] >= len(colors):
            raise FrugalsegError(
                f"{path}: index {used[-1]} of its palette of {len(colors)} colors has none. "
                "Export the file again."
            )
        is_gray = (colors[used] == colors[used, :1]).all()
        if palette == "color":
            raw = colors[raw]
        elif is_gray:
            raw = colors[raw, 0]
    if raw.ndim == 3 and raw.dtype == np.uint16:  # codes as they are, colors by their high byte
        raw = (raw if raw.max() <= 255 else raw >> 8).astype(np.uint8)
    return raw if picture.alpha is None else _apply_alpha(raw, picture.alpha)


def _without_alpha(raw: NDArray[Any]) -> NDArray[Any]:
    has_alpha = raw.ndim == 3 and raw.shape[2] == 4
    return _apply_alpha(raw[..., :3], raw[..., 3]) if has_alpha else raw


def _apply_alpha(raw: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    if (alpha == alpha.flat[0]).all():
        return raw
    is_opaque = alpha > alpha.max() / 2
    shown = np.where(is_opaque[..., None] if raw.ndim == 3 else is_opaque, raw, raw.dtype.type(0))
    return shown if shown.any() else alpha


def is_lossy(path: Path) -> bool:
    """Say whether a file is a JPEG or lossy WebP picture, whose values are noisy."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError:
        return False
    is_webp = (start[:4], start[8:12]) == (b"RIFF", b"WEBP")
    return start.startswith(b"\xff\xd8\xff") or (is_webp and start[12:] != b"VP8L")


def histogram(raw: NDArray[Any]) -> NDArray[np.int64]:
    """Count the gray levels 0..255 of a raw mask, see `to_gray`; int64, 256."""
    return count_levels(to_gray(raw))


def count_levels(gray: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count the values 0..255 of a uint8 array, H x W; int64, 256."""
    top, positive = int(gray.max(initial=0)), np.count_nonzero(gray)
    if positive in (0, np.count_nonzero(gray == top)):  # most masks: much faster than a histogram
        counts = np.zeros(256, np.int64)
        counts[top] = positive
        counts[0] = gray.size - positive
        return counts
    # several times faster than np.bincount, and without blocking other threads
    return np.array(Image.fromarray(gray).histogram(), np.int64)


def to_gray(raw: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a raw mask as uint8 gray levels, H x W.

    Integers within 0..255 stay; floats within 0..1 become 0..255; RGB of nearly equal channels
    becomes its luma. Of other numbers, 0 and one other value become 0 and 255, and 16-bit levels
    up to 65535 their high byte.

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
    if raw.dtype == np.bool_:
        return raw.astype(np.uint8) * np.uint8(255)
    low, high = raw.min(), raw.max()
    is_float = raw.dtype.kind == "f"
    if is_float and low >= 0 and high <= 1:
        return np.asarray(np.rint(raw * 255), np.uint8)
    if low >= 0 and high <= 255 and not (is_float and (raw != np.rint(raw)).any()):
        return np.asarray(raw, np.uint8)
    if has_one_code(raw):
        return np.asarray((raw != 0) * np.uint8(255), np.uint8)
    if raw.dtype == np.uint16 and high == _DEEP_WHITE:
        return np.asarray(raw >> 8, np.uint8)
    raise FrugalsegError(
        f"expected gray levels 0..255 or 0..1, found {raw.dtype} values from {low} to {high}. "
        "Use the method nonzero, threshold, equals or index."
    )


def to_numbers(raw: NDArray[Any]) -> NDArray[Any]:
    """Return a raw mask of class numbers, H x W; those of one-bit masks are 0 and 1.

    Raises:
        FrugalsegError: three channels that differ: the number may lie in one of them.
    """
    if raw.ndim == 2:
        return raw.astype(np.uint8) if raw.dtype == np.bool_ else raw
    if (raw != raw[..., :1]).any():
        raise FrugalsegError(
            "expected numbers of classes, found colors. Use the method colors or, if the numbers "
            "lie in one channel, save that channel alone."
        )
    return raw[..., 0]


def has_one_code(raw: NDArray[Any]) -> bool:
    """Say whether an H x W array holds 0 and one other value, and nothing else."""
    values = pd.unique(raw.ravel())
    return len(values) == 2 and 0 in values
