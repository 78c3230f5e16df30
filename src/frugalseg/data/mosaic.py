"""Whole images of a stack, put together from their tiles where they were cut."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Whole(NamedTuple):
    """An image, and the rows of the stack that it is in: one, or one a tile.

    Attributes:
        places: int64, P x 5: a row of the stack, and y, x, height and width of its pixels in the
            image.
    """

    image_id: str
    places: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Return the rows of the stack, in the order of the places."""
        return self.places[:, 0]

    @property
    def size(self) -> tuple[int, int]:
        """Return height and width in pixels of the stack."""
        height, width = (self.places[:, 1:3] + self.places[:, 3:]).max(axis=0).tolist()
        return height, width


def wholes(index: pd.DataFrame) -> list[Whole]:
    """Return the images of an index, in its order; without tiles each row is one, padding too."""
    if "source_id" not in index:
        size = {"height": index["stack_height"], "width": index["stack_width"]}
        index = index.assign(source_id=index["image_id"], tile_y=0, tile_x=0, **size)
    names = ["row", "tile_y", "tile_x", "height", "width"]
    images = index.groupby("source_id", sort=False)
    return [Whole(str(name), tiles[names].to_numpy(np.int64)) for name, tiles in images]


def stitch(whole: Whole, pieces: Sequence[Pixels], ignore: int | None = None) -> Pixels:
    """Put the pieces of an image together; where they overlap, the last one lies on top.

    Args:
        pieces: one a place, H x W or H x W x C, padding included.
        ignore: a value that leaves what is below visible.
    """
    shape = (*whole.size, *pieces[0].shape[2:])
    out = np.full(shape, 0 if ignore is None else ignore, np.uint8)
    for (_, y, x, height, width), piece in zip(whole.places, pieces, strict=True):
        part = piece[:height, :width]
        under = out[y : y + height, x : x + width]
        under[...] = part if ignore is None else np.where(part == ignore, under, part)
    return out


def thinned(image: Pixels, longest: int) -> Pixels:
    """Return every n-th pixel of an image, so that no side is longer than `longest` pixels."""
    step = -(-max(image.shape[:2]) // longest)
    return image[::step, ::step]
