"""The ledger: every label bought so far."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.boxes import Box, new_pixels
from frugalseg.core.errors import FrugalsegError

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


def labeled_rows(index: pd.DataFrame, ledger: pd.DataFrame, part: str) -> NDArray[np.int64]:
    """Return the stack rows of which the ledger holds labeled pixels in `part`, ascending."""
    return rows_of(index, ledger[(ledger["part"] == part) & (ledger["unit"] != "tag")])


def rows_of(index: pd.DataFrame, labels: pd.DataFrame) -> NDArray[np.int64]:
    """Return the stack rows of the images that some rows of a ledger are about, ascending."""
    rows = index.loc[index["image_id"].isin(set(labels["image_id"])), "row"]
    return np.sort(rows.to_numpy(np.int64))
