"""Tiles: an image cut at its own scale into pieces of the stack's size.

Every pixel of an image has its label in exactly one tile, whatever the overlap, so that nothing is
paid for, trained on or counted twice; elsewhere an overlap is context without labels.
"""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.data.fit import pad, stretch
from frugalseg.settings.dataset import TileParams

Pixels = NDArray[np.uint8]


class Span(NamedTuple):
    """A tile along one side: its pixels, start to stop, and those it owns, first to last."""

    start: int
    stop: int
    first: int
    last: int


class Tile(NamedTuple):
    """A piece of an image, brought to the size of the stack.

    Attributes:
        y, x: its first pixel in the image that was cut.
        height, width: its size without padding.
        mask: its labels; IGNORE in the padding and where a neighbor has the label.
    """

    y: int
    x: int
    height: int
    width: int
    image: Pixels
    mask: Pixels


def spans(side: int, tile: int, overlap: float) -> list[Span]:
    """Lay tiles along a side of `side` pixels; two neighbors each own half of their overlap.

    The last tile ends with the side, so it may be shorter than the others.
    """
    stride = max(1, int(tile * (1 - overlap)))
    starts = range(0, max(side - tile, 0) + stride, stride)
    middles = [(start + tile + following) // 2 for start, following in pairwise(starts)]
    return [
        Span(start, min(start + tile, side), first, last)
        for start, first, last in zip(starts, [0, *middles], [*middles, side], strict=True)
    ]


def cut(
    image: Pixels, mask: Pixels | None, size: tuple[int, int], tiling: TileParams
) -> Iterator[Tile]:
    """Cut an image, row by row, into tiles of `size` (height, width).

    Args:
        image: H x W x C. mask: H x W classes, or None.
    """
    image, mask = _scaled(image, mask, tiling)
    rows, columns = (
        spans(side, tile, tiling.overlap) for side, tile in zip(image.shape[:2], size, strict=True)
    )
    for down, across in product(rows, columns):
        here = slice(down.start, down.stop), slice(across.start, across.stop)
        own = None if mask is None else _own(mask[here], down, across)
        fitted, target = pad(image[here], own, size)
        height, width = image[here].shape[:2]
        yield Tile(down.start, across.start, height, width, fitted, target)


def tile_id(image_id: str, y: int, x: int) -> str:
    """Name a tile by its image and its first pixel; ids of two images never collide."""
    return f"{image_id}/y{y:05d}-x{x:05d}"


def first_tiles(index: pd.DataFrame) -> pd.DataFrame:
    """Return one row per image of an index: of tiles the first."""
    return index if "source_id" not in index else index.drop_duplicates("source_id")


def _scaled(image: Pixels, mask: Pixels | None, tiling: TileParams) -> tuple[Pixels, Pixels | None]:
    height, width = tiling.resize or tuple(
        max(1, round(side * tiling.scale)) for side in image.shape[:2]
    )
    if (height, width) == image.shape[:2]:
        return image, mask
    resized, target = stretch(image, mask, (height, width))
    return resized, None if mask is None else target


def _own(mask: Pixels, down: Span, across: Span) -> Pixels:
    """Return a tile's mask, IGNORE where the label belongs to a neighbor."""
    box = tuple(slice(span.first - span.start, span.last - span.start) for span in (down, across))
    own = np.full_like(mask, IGNORE)
    own[box] = mask[box]
    return own
