"""The center patch that patch scores are computed on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.rows import Rows


def center_patch(size: tuple[int, ...], patch: tuple[int, int]) -> tuple[slice, slice]:
    """Return rows and columns of the center patch (height, width) of an image of `size`.

    A side that is longer than the image's is cut to it.
    """
    rows, columns = (
        slice(start := (whole - part) // 2, start + part)
        for whole, part in zip(size, map(min, size, patch), strict=True)
    )
    return rows, columns


@dataclass(frozen=True)
class PatchRows:
    """The center patches of images that are read by row: N x H x W or N x H x W x C."""

    whole: Rows
    patch: tuple[int, int]

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of all patches."""
        number, *size = self.whole.shape
        high, wide = map(min, size[:2], self.patch)
        return (number, high, wide, *size[2:])

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the patches of `rows`, in their order."""
        return self.whole[rows][:, *center_patch(self.whole.shape[1:3], self.patch)]
