"""Images of any common kind -> uint8, H x W x C."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS, decode

PERCENTILES = (0.5, 99.5)
"""Default percentiles of a 16-bit or float image that become 0 and 255."""


def read_image(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    percentiles: tuple[float, float] = PERCENTILES,
    value_range: tuple[float, float] | None = None,
) -> NDArray[np.uint8]:
    """Read one image, see `decode`; values deeper than 8 bits are scaled, see `to_uint8`.

    Args:
        max_pixels: height x width above which the file is refused before it is decoded.
        percentiles: what becomes 0 and 255 in an image deeper than 8 bits.
        value_range: fixed values for 0 and 255 instead, so that the images of a calibrated device
            stay comparable.

    Returns:
        uint8, H x W x C with C = 1 (gray) or 3 (RGB).

    Raises:
        FrugalsegError: naming the file, what was found, and what to do.
    """
    pixels = decode(path, max_pixels=max_pixels, palette="color")
    if pixels.dtype != np.uint8:
        try:
            pixels = to_uint8(pixels, percentiles=percentiles, value_range=value_range)
        except FrugalsegError as error:
            raise FrugalsegError(f"{path}: {error}") from error
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


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
