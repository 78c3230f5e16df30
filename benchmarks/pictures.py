"""Synthetic archives of different PNG images and masks, for measurements."""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.ingest.synthetic.archive import encode_png

GRID = 8
"""Cells a side of the random field that each image is made of."""


def write_pictures(archive: Path, count: int, size: int, *, noise: int) -> None:
    """Write a zip archive with `images/` and `masks/`, `count` each, `size` pixels a side.

    Args:
        noise: gray levels of pixel noise; photos have some, and it makes up most bytes of a PNG.
    """
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
        for number in range(count):
            image, mask = picture(rng, size, noise)
            target.writestr(f"images/{number:06}.png", image)
            target.writestr(f"masks/{number:06}.png", mask)


def picture(rng: np.random.Generator, size: int, noise: int) -> tuple[bytes, bytes]:
    """Draw a smooth random field in color, and the mask of one square in it, as PNG files."""
    field = Image.fromarray(rng.integers(40, 200, (GRID, GRID, 3)).astype(np.uint8))
    pixels: NDArray[np.uint8] = np.array(field.resize((size, size), Image.Resampling.BILINEAR))
    mask = np.zeros((size, size), np.uint8)
    y, x = rng.integers(0, size - size // 8, 2)
    mask[y : y + size // 8, x : x + size // 8] = 255
    if noise:
        pixels += rng.integers(0, noise, pixels.shape, dtype=np.uint8)
    return _fast_png(pixels), encode_png(mask)


def _fast_png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
