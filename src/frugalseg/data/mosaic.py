"""Whole images of a stack, put together from their tiles where they were cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Place:
    """Where a row of the stack lies in its image: from (y, x) on, so many pixels of it."""

    row: int
    y: int
    x: int
    height: int
    width: int


@dataclass(frozen=True)
class Whole:
    """An image and the rows of the stack that it is in: one, or one a tile."""

    image_id: str
    places: tuple[Place, ...]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Return the rows of the stack, in the order of the places."""
        return np.array([place.row for place in self.places], np.int64)

    @property
    def size(self) -> tuple[int, int]:
        """Return height and width in pixels of the stack."""
        return (
            max(place.y + place.height for place in self.places),
            max(place.x + place.width for place in self.places),
        )


def wholes(index: pd.DataFrame) -> list[Whole]:
    """Return the images of an index, in its order; without tiles each row is one, padding too."""
    if "source_id" not in index:
        sides = ("image_id", "row", "stack_height", "stack_width")
        facts = index[list(sides)].itertuples(index=False, name=None)
        return [Whole(name, (Place(row, 0, 0, high, wide),)) for name, row, high, wide in facts]
    names = ["row", "tile_y", "tile_x", "height", "width"]
    found = []
    for name, tiles in index.groupby("source_id", sort=False):
        places = tiles[names].to_numpy(np.int64).tolist()
        found.append(Whole(str(name), tuple(Place(*place) for place in places)))
    return found


def stitch(whole: Whole, pieces: Sequence[Pixels], ignore: int | None = None) -> Pixels:
    """Put the pieces of an image together; where they overlap, the last one lies on top.

    Args:
        pieces: one a place, H x W or H x W x C, padding included.
        ignore: value that covers nothing.
    """
    shape = (*whole.size, *pieces[0].shape[2:])
    out = np.full(shape, 0 if ignore is None else ignore, np.uint8)
    for place, piece in zip(whole.places, pieces, strict=True):
        part = piece[: place.height, : place.width]
        under = out[place.y : place.y + place.height, place.x : place.x + place.width]
        under[...] = part if ignore is None else np.where(part == ignore, under, part)
    return out


def thinned(image: Pixels, longest: int) -> Pixels:
    """Return every n-th pixel of an image, so that no side is longer than `longest` pixels."""
    step = -(-max(image.shape[:2]) // longest)
    return image[::step, ::step]
