"""Images of any common kind -> uint8, H x W x C, as they are displayed."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS, Picture, decode

PERCENTILES = (0.5, 99.5)
"""Default percentiles of a 16-bit or float image that become 0 and 255."""


FEW_LEVELS = 32
"""Distinct gray levels below which an image has lost its contrast, or never had any."""
_STEPS = (16, 4, 1)


class Notes(NamedTuple):
    """What a user should know of how an image was read.

    Attributes:
        orientation: EXIF orientation by which it was turned, 1 to 8; 1 for not at all.
        levels: distinct gray levels of all channels, counted up to `FEW_LEVELS`.
        dropped: whether bands beyond three that hold something were left out.
        stretched: whether values deeper than 8 bits were scaled by the image's own percentiles.
        turned_alone: whether the image was turned and its mask, which has no orientation, was not.
    """

    orientation: int = 1
    levels: int = FEW_LEVELS
    dropped: bool = False
    stretched: bool = False
    turned_alone: bool = False


def read_image(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    percentiles: tuple[float, float] = PERCENTILES,
    value_range: tuple[float, float] | None = None,
) -> NDArray[np.uint8]:
    """Read one image as it is displayed, see `read_with_notes`."""
    return read_with_notes(
        path, max_pixels=max_pixels, percentiles=percentiles, value_range=value_range
    )[0]


def read_with_notes(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    percentiles: tuple[float, float] = PERCENTILES,
    value_range: tuple[float, float] | None = None,
) -> tuple[NDArray[np.uint8], Notes]:
    """Read one image as it is displayed; values deeper than 8 bits are scaled, see `to_uint8`.

    The three channels of a color image are scaled alike. Palettes become their colors, MinIsWhite
    is inverted, an image is turned as its EXIF orientation says, alpha is dropped and the colors
    stay as stored.

    Args:
        max_pixels: height x width above which the file is refused before it is decoded.
        percentiles: what becomes 0 and 255 in an image deeper than 8 bits.
        value_range: fixed values for 0 and 255 instead, so that the images of a calibrated device
            stay comparable.

    Returns:
        uint8, H x W x C with C = 1 (gray) or 3 (RGB), and how it was read.

    Raises:
        FrugalsegError: naming the file, what was found, and what to do.
    """
    picture = decode(path, max_pixels=max_pixels)
    pixels = picture.pixels
    if picture.palette is not None:
        pixels = _look_up(path, pixels, picture.palette)
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * np.uint8(255)
    is_deep = pixels.dtype != np.uint8
    if is_deep:
        try:
            pixels = to_uint8(pixels, percentiles=percentiles, value_range=value_range)
        except FrugalsegError as error:
            raise FrugalsegError(f"{path}: {error}") from error
    if picture.is_inverted:
        pixels = ~pixels
    pixels = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
    return pixels, Notes(
        orientation=picture.orientation,
        levels=count_gray_levels(pixels),
        dropped=_drops_bands(picture),
        stretched=is_deep and value_range is None,
    )


def count_gray_levels(image: NDArray[np.uint8]) -> int:
    """Return the number of distinct values in an image, counted up to `FEW_LEVELS`."""
    for step in _STEPS:  # a part of the pixels nearly always has enough
        levels = len(set(image[::step, ::step].tobytes()))
        if levels >= FEW_LEVELS:
            return FEW_LEVELS
    return levels


def _drops_bands(picture: Picture) -> bool:
    alpha = picture.alpha
    if alpha is None or picture.bands > 4:
        return picture.bands > 3
    return bool((alpha != alpha.flat[0]).any())


def _look_up(
    path: Path, indices: NDArray[np.uint8], palette: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    if indices.max() >= len(palette):
        raise FrugalsegError(
            f"{path}: index {indices.max()} of its palette of {len(palette)} colors has none. "
            "Export the file again."
        )
    return palette[indices]


def to_uint8(
    values: NDArray[Any],
    *,
    percentiles: tuple[float, float] = PERCENTILES,
    value_range: tuple[float, float] | None = None,
) -> NDArray[np.uint8]:
    """Scale integers or floats of any unit linearly to 0..255, clipping what lies outside.

    Where both percentiles are one value (a few bright specks on an even ground), minimum and
    maximum are used instead; a constant image becomes 0.

    Raises:
        FrugalsegError: values that are not finite numbers, or an empty range.
    """
    if values.dtype.kind not in "uif":
        raise FrugalsegError(f"expected numbers, found values of type {values.dtype}.")
    if count := int(np.count_nonzero(~np.isfinite(values))):
        raise FrugalsegError(
            f"{count} of {values.size} values are NaN or infinite. Replace them or leave it out."
        )
    least, most = float(values.min()), float(values.max())
    if not np.isfinite(most - least):
        raise FrugalsegError(f"values from {least:g} to {most:g} are too far apart to be scaled.")
    if value_range:
        low, high = value_range
        if not -np.inf < low < high < np.inf:
            raise FrugalsegError(f"value_range must rise and be finite, found {low:g} to {high:g}.")
    else:
        if not 0 <= percentiles[0] < percentiles[1] <= 100:
            raise FrugalsegError(f"percentiles must rise within 0..100, found {percentiles}.")
        low, high = np.percentile(values, percentiles).tolist()
        if low >= high:
            low, high = least, most
    if low >= high:
        return np.zeros(values.shape, np.uint8)
    scaled = (np.clip(values, low, high).astype(np.float64) - low) * (255 / (high - low))
    return np.asarray(np.rint(scaled).clip(0, 255), np.uint8)
