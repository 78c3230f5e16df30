"""Write a PNG row by row, so that memory does not grow with the image.

Pillow, and imageio through it, encode only a whole image in memory: 1.2 GB for 20,000 x 20,000
pixels in RGB. This writes the part of the format (PNG specification, third edition, W3C 2025) that
masks and overlays need: 8 bits, gray, palette or RGB.
"""

import struct
import zlib
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY, _RGB, _PALETTE = 0, 2, 3
_AS_IS, _MINUS_LEFT = 0, 1


class PngWriter:
    """Write uint8 rows, h x W (gray or palette indices) or h x W x 3 (RGB), band after band."""

    def __init__(
        self,
        path: Path,
        shape: tuple[int, ...],
        *,
        palette: list[tuple[int, int, int]] | None = None,
    ) -> None:
        """Start an image of `shape`, H x W or H x W x 3; with a palette its values are indices."""
        self._shape, self._left = shape, shape[0]
        kind = _RGB if len(shape) == 3 else _GRAY if palette is None else _PALETTE
        self._squeeze = zlib.compressobj()
        self._file = path.open("wb")
        self._file.write(_SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", shape[1], shape[0], 8, kind, 0, 0, 0))
        if palette is not None:
            self._chunk(b"PLTE", bytes(value for color in palette for value in color))

    def write(self, rows: NDArray[np.uint8]) -> None:
        """Write the next rows."""
        if rows.shape[1:] != self._shape[1:] or rows.dtype != np.uint8 or len(rows) > self._left:
            raise ValueError(f"expected uint8 rows of {self._shape}, found {rows.shape}")
        kind = (
            _MINUS_LEFT if len(self._shape) == 3 else _AS_IS
        )  # photos compress better as differences
        if kind == _MINUS_LEFT:
            rows = np.diff(rows, axis=1, prepend=np.zeros_like(rows[:, :1]))
        lines = np.full((len(rows), 1), kind, np.uint8)
        data = np.concatenate([lines, rows.reshape(len(rows), -1)], axis=1)
        self._pixels(self._squeeze.compress(data.tobytes()))
        self._left -= len(rows)

    def _pixels(self, data: bytes) -> None:
        if data:
            self._chunk(b"IDAT", data)

    def _chunk(self, name: bytes, data: bytes) -> None:
        body = name + data
        self._file.write(struct.pack(">I", len(data)) + body)
        self._file.write(struct.pack(">I", zlib.crc32(body)))

    def __enter__(self) -> Self:
        """Return the writer; leaving the context completes the image."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Complete the image; raise ValueError if rows are missing."""
        with self._file:
            if kind is None and self._left:
                raise ValueError(f"{self._left} rows are missing")
            if kind is None:
                self._pixels(self._squeeze.flush())
                self._chunk(b"IEND", b"")
