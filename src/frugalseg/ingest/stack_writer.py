"""Writing a stack image by image, so that memory does not grow with the data set."""

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray


class StackWriter:
    """Write uint8 arrays of one shape, one after another, as one `.npy` file.

    A plain file and not a memory map: pages that a map has written count as memory until the
    system takes them back.
    """

    def __init__(self, path: Path, count: int | None, shape: tuple[int, ...]) -> None:
        """Begin a file of `count` arrays of `shape`; None for as many as will come."""
        self._shape, self._count, self._written = shape, count, 0
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._write_header(count or 0)

    def _write_header(self, count: int) -> None:
        """Write the header; numpy pads it so that every count takes the same room."""
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, *self._shape)}
        self._file.seek(0)
        np.lib.format.write_array_header_1_0(self._file, header)

    def append(self, array: NDArray[np.uint8]) -> None:
        """Write the next array."""
        full = self._written == self._count
        if array.shape != self._shape or array.dtype != np.uint8 or full:
            raise ValueError(f"expected uint8 {self._shape}, found {array.dtype} {array.shape}")
        data = np.ascontiguousarray(array).data
        self._file.write(data)
        self._hash.update(data)
        self._written += 1

    @property
    def sha256(self) -> str:
        """Return the hash of all pixels written so far."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        """Enter the context that closes the file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; an incomplete one is a fault."""
        with self._file:
            if self._count is None:
                self._write_header(self._written)
        missing = (self._count or 0) - self._written
        if kind is None and missing > 0:
            raise ValueError(f"{missing} arrays are missing")
