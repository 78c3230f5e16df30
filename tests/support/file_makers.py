"""Files that a reader may meet: one is saved, a maker writes one where it is told."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[Any]
Maker = Callable[[Path], object]
GRAY = np.arange(6, dtype=np.uint8).reshape(2, 3) * 40
COLOR = np.stack([GRAY, GRAY[::-1], 255 - GRAY], axis=-1)


def save(path: Path, pixels: Pixels, mode: str | None = None, **options: Any) -> Path:
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(path, **options)
    return path


def written(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def npy(array: Any, **options: Any) -> Maker:
    return lambda path: np.save(path, array, **options)


def tiff(array: Pixels, **options: Any) -> Maker:
    return lambda path: tifffile.imwrite(path, array, **options)


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a piece of a PNG file."""
    crc = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + crc


def deep_png(path: Path, pixels: Pixels) -> None:
    """Write a PNG with 16-bit color, which Pillow cannot."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    kinds = {3: 2, 4: 6}
    header = struct.pack(">IIBBBBB", *pixels.shape[1::-1], 16, kinds[pixels.shape[2]], 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
