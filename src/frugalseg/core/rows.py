"""Images of a stack on disk, read by row on request."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError


class Rows(Protocol):
    """Images that are read by row: an array in memory, or a `RowFile`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of all rows; the first axis counts them."""
        ...

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.uint8]:
        """Return the images of `rows`, in their order."""
        ...


class RowFile:
    """The first axis of a uint8 `.npy` file, without mapping the file into memory.

    Every page of a memory map that was touched counts as the process's memory: that of a training
    job would grow with its data set. Jobs share the system's cache of the file either way.
    """

    def __init__(self, path: Path) -> None:
        """Read the layout of `path`.

        Raises:
            FrugalsegError: not an uint8 array in C order.
        """
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        if mapped.dtype != np.uint8 or not mapped.flags.c_contiguous or mapped.ndim < 2:
            raise FrugalsegError(
                f"{path}: expected a uint8 array of rows in C order; found {mapped.dtype}, shape "
                f"{mapped.shape}. Run the `prepare` stage again."
            )
        self.shape: tuple[int, ...] = mapped.shape
        self._offset = int(mapped.offset)
        self._path = path

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8, len(rows) x the shape of a row, in the order of `rows`."""
        out = np.empty((len(rows), *self.shape[1:]), np.uint8)
        for row, pixels in zip(rows.tolist(), out, strict=True):
            if not 0 <= row < len(self):
                raise IndexError(f"row {row} of {self._path}, which has {len(self)}")
            start = self._offset + row * pixels.size
            stored = np.fromfile(self._path, np.uint8, pixels.size, offset=start)
            if stored.size < pixels.size:
                raise FrugalsegError(
                    f"{self._path} ends within row {row} of {len(self)}: it was cut short. "
                    "Run the `prepare` stage again."
                )
            pixels[:] = stored.reshape(pixels.shape)
        return out
