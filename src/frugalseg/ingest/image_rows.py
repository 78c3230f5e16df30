"""Images for prediction, read by rows where their format allows it."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import RowFile, Rows
from frugalseg.ingest.decode import MAX_PIXELS, SUFFIXES, check_file, check_size, unreadable
from frugalseg.ingest.images import PERCENTILES, read_with_notes, to_uint8
from frugalseg.ingest.prepare import as_channels

READABLE = SUFFIXES | {".npy"}


class ChannelRows:
    """Rows of one image, uint8, H x W or H x W x C, as the channels that a network takes.

    Attributes:
        stretched: whether the image was deeper than 8 bits and scaled by its own percentiles.
    """

    def __init__(self, rows: Rows, channels: int, *, stretched: bool) -> None:
        """Take rows of 1 or 3 channels; they are read when they are indexed."""
        self._rows, self._channels, self.stretched = rows, channels, stretched
        self.shape: tuple[int, ...] = (*rows.shape[:2], channels)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8, len(rows) x W x channels."""
        pixels = self._rows[rows]
        return as_channels(pixels[..., None] if pixels.ndim == 2 else pixels, self._channels)


def open_rows(
    path: Path,
    channels: int,
    *,
    percentiles: tuple[float, float] = PERCENTILES,
    value_range: tuple[float, float] | None = None,
    max_pixels: int = MAX_PIXELS,
) -> ChannelRows:
    """Open an image: a picture file is decoded whole, a uint8 `.npy` file is read by rows.

    Channels and values are converted as when a data set is prepared.

    Args:
        percentiles, value_range: how images deeper than 8 bits are scaled, see `read_image`.
        max_pixels: height x width above which a file that has to be decoded whole is refused.

    Raises:
        FrugalsegError: naming the file, what was found, and what to do.
    """
    if path.suffix.lower() == ".npy":
        rows = _open_npy(path, percentiles, value_range, max_pixels)
        stretched = value_range is None and not isinstance(rows, RowFile)
        return ChannelRows(rows, channels, stretched=stretched)
    image, notes = read_with_notes(
        path, percentiles=percentiles, value_range=value_range, max_pixels=max_pixels
    )
    return ChannelRows(image, channels, stretched=notes.stretched)


def _open_npy(
    path: Path,
    percentiles: tuple[float, float],
    value_range: tuple[float, float] | None,
    max_pixels: int,
) -> Rows:
    check_file(path)
    try:
        mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise unreadable(path, "a .npy array", error) from error
    if mapped.ndim not in (2, 3) or mapped.shape[2:] not in ((), (1,), (3,)):
        raise FrugalsegError(
            f"{path}: expected an array of H x W, H x W x 1 or H x W x 3, found one of shape "
            f"{mapped.shape}. Save the channels that the model was trained on."
        )
    height, width = mapped.shape[:2]
    if mapped.dtype == np.uint8 and mapped.flags.c_contiguous:
        check_size(path, width, height, height * width)
        return RowFile(path)
    check_size(path, width, height, max_pixels)
    try:
        return to_uint8(np.asarray(mapped), percentiles=percentiles, value_range=value_range)
    except FrugalsegError as error:
        raise FrugalsegError(f"{path}: {error}") from error
