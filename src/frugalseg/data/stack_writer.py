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

    def __init__(self, path: Path, count: int, shape: tuple[int, ...]) -> None:
        """Begin a file of `count` arrays of `shape`."""
        self._shape, self._left = shape, count
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, *shape)}
        np.lib.format.write_array_header_1_0(self._file, header)

    def append(self, array: NDArray[np.uint8]) -> None:
        """Write the next array."""
        if array.shape != self._shape or array.dtype != np.uint8 or not self._left:
            raise ValueError(f"expected uint8 {self._shape}, found {array.dtype} {array.shape}")
        data = np.ascontiguousarray(array).data
        self._file.write(data)
        self._hash.update(data)
        self._left -= 1

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
        self._file.close()
        if kind is None and self._left:
            raise ValueError(f"{self._left} arrays are missing")
