"""Masks kept in memory between two passes over a data set."""

import math
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.ingest.mask.raw import to_gray
from frugalseg.ingest.sample import Item

ROOM = 64 * 2**20
"""Most bytes that are kept: of 512 x 512 pixels, 2,000 masks of two levels or 256 of more."""


class KeptMasks:
    """Masks of uint8, in a bit a pixel if they have two levels; safe to use from threads.

    A threshold for all masks needs all of them before the first can be used. Decoding a mask's
    picture once more takes ten times as long as unpacking its bits.
    """

    def __init__(self, room: int = ROOM) -> None:
        """Start empty, with room for `room` bytes."""
        self._masks: dict[str, tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[int, ...]]] = {}
        self._room, self._lock = room, Lock()

    def keep(self, item: Item, raw: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Keep an item's raw mask if it is H x W of 8 bits or one bit, and there is room.

        Args:
            raw: as stored, see `read_mask`.
            counts: its histogram, int64, 256.
        """
        raw = to_gray(raw) if raw.dtype == np.bool_ else raw
        levels = np.flatnonzero(counts).astype(np.uint8)
        if raw.ndim != 2 or raw.dtype != np.uint8:
            return
        stored = np.packbits(raw == levels[-1]) if len(levels) <= 2 else raw
        with self._lock:
            if stored.nbytes <= self._room:
                self._room -= stored.nbytes
                self._masks[item.image_id] = stored, levels, raw.shape

    def take(self, item: Item) -> NDArray[np.uint8] | None:
        """Return an item's raw mask and forget it; None if it was not kept."""
        if (packed := self._masks.pop(item.image_id, None)) is None:
            return None
        stored, levels, shape = packed
        with self._lock:
            self._room += stored.nbytes
        if len(levels) > 2:
            return stored
        raw = np.unpackbits(stored, count=math.prod(shape)).reshape(shape)
        raw *= levels[-1] - levels[0]  # in place: several times as fast as np.where
        raw += levels[0]
        return raw
