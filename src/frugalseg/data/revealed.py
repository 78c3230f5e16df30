"""What a ledger lets a model see of the masks."""

from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.boxes import Box
from frugalseg.core.constants import IGNORE
from frugalseg.core.rows import Rows
from frugalseg.data.drawn import Drawings
from frugalseg.data.ledger import bought_boxes
from frugalseg.data.stack import open_masks, row_of


class RevealedMasks:
    """The masks of a stack as far as a ledger has bought them; everything else is IGNORE.

    Masks reach training and validation only through it, so no strategy can see a label that was
    not paid for. A mask or region covers what was drawn on the image.
    """

    def __init__(self, masks_path: Path, index: pd.DataFrame, ledger: pd.DataFrame) -> None:
        """Take the boxes that `ledger` holds of the images in `index`."""
        self._path = masks_path
        self._size = (int(index["stack_height"].iloc[0]), int(index["stack_width"].iloc[0]))
        rows = row_of(index)
        self._boxes = {
            int(rows.loc[name]): [
                (slice(y, y + height), slice(x, x + width)) for y, x, height, width in boxes
            ]
            for name, boxes in bought_boxes(ledger).items()
        }
        self._drawings = Drawings(index, ledger)
        images = ledger.loc[ledger["unit"] == "image", "image_id"]
        self._whole = set(rows.loc[images.tolist()].tolist())

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of all masks, N x H x W."""
        return self._masks.shape

    @cached_property
    def _masks(self) -> Rows:
        """The masks, opened when a bought pixel is first read."""
        return open_masks(self._path)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8 targets, len(rows) x H x W, of the stack's rows `rows`."""
        target = np.full((len(rows), *self._size), IGNORE, np.uint8)
        for mask, row in zip(target, rows.tolist(), strict=True):
            boxes, drawn = self._boxes.get(row, []), row in self._drawings
            if boxes or drawn:
                stored = self._masks[np.array([row])][0]
            if drawn:
                mask[:] = self._drawings.get(row, stored).target
            for box in boxes:
                mask[box] = stored[box]
        return target

    def drawn_boxes(self, row: int) -> tuple[tuple[int, Box], ...]:
        """Return class and box of each box that was drawn on the image of a row."""
        if row not in self._drawings:
            return ()
        return self._drawings.get(row, self._masks[np.array([row])][0]).boxes

    def partial(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each row whether some of it is labeled and not the whole image."""
        return np.array(
            [
                (row in self._boxes or row in self._drawings) and row not in self._whole
                for row in rows.tolist()
            ]
        )
