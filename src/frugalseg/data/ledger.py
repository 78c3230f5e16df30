"""The ledger: every label bought so far, and what it lets a model see."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.boxes import Box, new_pixels
from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.data.drawn import Drawings, draw
from frugalseg.data.stack import open_masks, row_of

MASKS = ("image", "region")
"""Units that hold the mask itself; the others are tags, and kinds of drawings."""
COLUMNS = ["round", "image_id", "part", "unit", "y", "x", "height", "width", "pixels"]


def empty_ledger() -> pd.DataFrame:
    """Return a ledger in which nothing has been bought."""
    return pd.DataFrame(columns=COLUMNS, dtype=object)


def read_ledger(path: Path) -> pd.DataFrame:
    """Read a ledger file."""
    types: dict[str, Any] = {"image_id": str, "tag": str, "marks": "Int64"}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values={"marks": ""})


def buy_images(
    ledger: pd.DataFrame, index: pd.DataFrame, image_ids: list[str], *, round_: int, part: str
) -> pd.DataFrame:
    """Return the ledger with the whole masks of `image_ids` added.

    An image costs its pixels except padding (IGNORE in the stack) and what was bought of it as
    regions before.

    Raises:
        FrugalsegError: an image has been bought already, or is not in the stack.
    """
    owned = set(ledger.loc[ledger["unit"] == "image", "image_id"])
    double = [name for name in image_ids if name in owned]
    images = index.set_index("image_id")
    unknown = [name for name in image_ids if name not in images.index]
    if double or unknown:
        raise FrugalsegError(
            f"A ledger cannot buy an image twice (found {double[:5]}) or one that is not in the "
            f"stack (found {unknown[:5]})."
        )
    bought = images.loc[image_ids, ["stack_height", "stack_width", "pixels"]].reset_index()
    bought.columns = pd.Index(["image_id", "height", "width", "pixels"])
    paid = bought_pixels(ledger).reindex(image_ids, fill_value=0).to_numpy()
    bought["pixels"] = np.maximum(bought["pixels"] - paid, 0)
    rows = bought.assign(round=round_, part=part, unit="image", y=0, x=0)
    return add_rows(ledger, rows[COLUMNS])


def buy_regions(
    ledger: pd.DataFrame, regions: list[tuple[str, Box]], *, round_: int, part: str
) -> pd.DataFrame:
    """Return the ledger with boxes of images added, each charged for its new pixels only.

    Raises:
        FrugalsegError: every pixel of a box has been bought already.
    """
    bought = bought_boxes(ledger)
    rows: list[tuple[int | str, ...]] = []
    for name, box in regions:
        boxes = bought.setdefault(name, [])
        pixels = new_pixels(box, boxes)
        if not pixels:
            raise FrugalsegError(
                f"A ledger cannot buy a region twice: all of {box} (y, x, height, width) of image "
                f"{name!r} has been bought before."
            )
        boxes.append(box)
        rows.append((round_, name, part, "region", *box, pixels))
    return add_rows(ledger, pd.DataFrame(rows, columns=COLUMNS))


def buy_drawings(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    image_ids: list[str],
    kind: str,
    masks: Rows,
    *,
    round_: int,
    part: str,
) -> pd.DataFrame:
    """Return the ledger with what is drawn on `image_ids` added, one row an image.

    Its column `marks` counts the strokes, points or boxes, and `pixels` those that they label.

    Args:
        kind: a key of `frugalseg.data.kinds.KINDS`. masks: of the stack, to draw after.
    """
    facts = index.set_index("image_id")[["row", "stack_height", "stack_width"]]
    rows = []
    for name in image_ids:
        row, height, width = map(int, facts.loc[name])
        drawing = draw(kind, name, masks[np.array([row])][0])
        pixels = int((drawing.target != IGNORE).sum())
        rows.append((round_, name, part, kind, 0, 0, height, width, pixels, drawing.marks))
    bought = pd.DataFrame(rows, columns=[*COLUMNS, "marks"])
    return add_rows(ledger, bought.astype({"marks": "Int64"}))


def add_rows(ledger: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with new rows below its own."""
    return rows if ledger.empty else pd.concat([ledger, rows], ignore_index=True)


def bought_boxes(ledger: pd.DataFrame) -> dict[str, list[Box]]:
    """Return, by image, the boxes whose masks the ledger holds."""
    masks = ledger[ledger["unit"].isin(MASKS)]
    boxes: dict[str, list[Box]] = {}
    for name, *box in masks[["image_id", "y", "x", "height", "width"]].itertuples(index=False):
        y, x, height, width = map(int, box)
        boxes.setdefault(str(name), []).append((y, x, height, width))
    return boxes


def bought_pixels(ledger: pd.DataFrame) -> pd.Series:
    """Return how many pixels of masks the ledger holds of each image that it holds any of."""
    masks = ledger[ledger["unit"].isin(MASKS)]
    return masks["pixels"].astype("int64").groupby(masks["image_id"]).sum()


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


def labeled_rows(index: pd.DataFrame, ledger: pd.DataFrame, part: str) -> NDArray[np.int64]:
    """Return the stack rows of which the ledger holds labeled pixels in `part`, ascending."""
    return rows_of(index, ledger[(ledger["part"] == part) & (ledger["unit"] != "tag")])


def rows_of(index: pd.DataFrame, labels: pd.DataFrame) -> NDArray[np.int64]:
    """Return the stack rows of the images that some rows of a ledger are about, ascending."""
    rows = index.loc[index["image_id"].isin(set(labels["image_id"])), "row"]
    return np.sort(rows.to_numpy(np.int64))
