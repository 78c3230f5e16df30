"""Images of a stack on disk, read by row when they are asked for."""

import os
import weakref
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError


class Rows(Protocol):
    """What can be asked for the images of some rows: an array in memory, or a `RowFile`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The whole's shape; the first axis counts the rows."""
        ...

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.uint8]:
        """Return the images of `rows`, in their order."""
        ...


class RowFile:
    """The first axis of a uint8 `.npy` file, without mapping the file into memory.

    A memory map would do, but every page of it that was touched counts as the process's memory, so
    that a training job's would grow with its data set. The system's cache of the file is shared by
    all jobs either way.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`; its descriptor closes with this object.

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
        self._first = int(mapped.offset)
        self._path = path
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8, len(rows) x the shape of a row, in the order of `rows`."""
        out = np.empty((len(rows), *self.shape[1:]), np.uint8)
        for row, place in zip(rows.tolist(), out, strict=True):
            if not 0 <= row < self.shape[0]:
                raise IndexError(f"row {row} of {self._path}, which has {self.shape[0]}")
            self._read(row, place)
        return out

    def _read(self, row: int, out: NDArray[np.uint8]) -> None:
        """Fill `out`; a read may stop short, at a signal or at 2 GiB."""
        view = out.reshape(-1).data
        done = 0
        while done < len(view):
            count = os.preadv(self._file, [view[done:]], self._first + row * len(view) + done)
            if not count:
                raise FrugalsegError(
                    f"{self._path} ends within row {row} of {self.shape[0]}: it was cut short. "
                    "Run the `prepare` stage again."
                )
            done += count
