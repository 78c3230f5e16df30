"""Write a stack image by image, so that memory does not grow with the data set."""

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class StackWriter(AbstractContextManager["StackWriter"]):
    """Write uint8 arrays of one shape, one after another, as one `.npy` file.

    A plain file and not a memory map: pages that a map has written count as memory until the
    system takes them back.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        """Start a file of arrays of `shape`; their number is written when it is closed."""
        self._shape, self._written = shape, 0
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._write_header()

    def _write_header(self) -> None:
        """Write the header; numpy pads it so that every number of arrays takes the same space."""
        header = {"descr": "|u1", "fortran_order": False, "shape": (self._written, *self._shape)}
        self._file.seek(0)
        np.lib.format.write_array_header_1_0(self._file, header)

    def append(self, array: NDArray[np.uint8]) -> None:
        """Write the next array; raises ValueError if its shape or type differs."""
        if array.shape != self._shape or array.dtype != np.uint8:
            raise ValueError(f"expected uint8 {self._shape}, found {array.dtype} {array.shape}")
        data = np.ascontiguousarray(array).data
        self._file.write(data)
        self._hash.update(data)
        self._written += 1

    @property
    def sha256(self) -> str:
        """Return the hash of all pixels written so far."""
        return self._hash.hexdigest()

    def __exit__(self, *error: object) -> None:
        """Write the final header and close the file."""
        with self._file:
            self._write_header()
