"""Image tags in the ledger: bought a box at a time, from coarse to fine, answers included."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.boxes import Box
from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.data.ledger import COLUMNS, add_rows, rows_of
from frugalseg.data.stack import open_masks, row_of
from frugalseg.settings.tags import TagParams

Grid = tuple[int, int]
Oracle = Callable[[int, Box], tuple[int, ...]]
"""Stack row and box -> the classes that lie in it; () for none."""


def grid_boxes(size: tuple[int, int], grid: Grid) -> list[Box]:
    """Cut an image of `size` (height, width) into `grid` (rows, columns) boxes without overlap.

    Where a side is no multiple of its boxes, they differ by one pixel.

    Raises:
        FrugalsegError: a box would hold no pixel.
    """
    if grid[0] > size[0] or grid[1] > size[1]:
        raise FrugalsegError(
            f"A grid of {grid[0]} x {grid[1]} boxes does not fit an image of {size[0]} x {size[1]} "
            "pixels. Use fewer boxes in the arm's tags.grids."
        )
    tops, lefts = (
        np.linspace(0, side, boxes + 1).round().astype(int).tolist()
        for side, boxes in zip(size, grid, strict=True)
    )
    return [
        (top, left, bottom - top, right - left)
        for top, bottom in pairwise(tops)
        for left, right in pairwise(lefts)
    ]


def image_tag(text: str) -> tuple[int, ...] | None:
    """Read a tag from `index.csv` or a ledger: `0` no class, `1+3` classes, empty not known."""
    if text == "":
        return None
    return tuple(int(part) for part in text.split("+") if part != "0")


def tag_text(classes: tuple[int, ...]) -> str:
    """Write a tag; the inverse of `image_tag`."""
    return "+".join(map(str, classes)) or "0"


def oracle(index: pd.DataFrame, masks: Callable[[], Rows]) -> Oracle:
    """Return the annotator: it answers from the index if that has the image's tag, else the mask.

    It is asked when a tag is bought and never again: the ledger keeps the answer.

    Args:
        masks: opens the stack's masks; called only if a mask is needed.
    """
    facts = index[["row", "image_label", "stack_height", "stack_width"]]
    images = {
        row: (image_tag(label), (0, 0, height, width))
        for row, label, height, width in facts.itertuples(index=False, name=None)
    }

    def answer(row: int, box: Box) -> tuple[int, ...]:
        tag, whole = images[row]
        if tag is not None and (not tag or box == whole):
            return tag
        top, left, height, width = box
        values = np.unique(masks()[np.array([row])][0, top : top + height, left : left + width])
        return tuple(int(value) for value in values if 0 < value < IGNORE)

    return answer


def add_tags(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    parts: pd.DataFrame,
    chosen: Sequence[str],
    masks: Path,
    settings: TagParams,
    round_: int,
) -> pd.DataFrame:
    """Return the ledger with the tags of the validation images and of the images `chosen`.

    Tags that the ledger has are not bought again.
    """
    answer = oracle(index, cache(lambda: open_masks(masks)))
    validation = parts.loc[parts["part"] == "val", "image_id"].tolist()
    grids = settings.validation or settings.grids
    ledger = buy_tags(ledger, index, validation, grids, answer, round_=round_, part="val")
    return buy_tags(ledger, index, chosen, settings.grids, answer, round_=round_, part="train")


def buy_tags(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    image_ids: Sequence[str],
    grids: Sequence[Grid],
    answer: Oracle,
    *,
    round_: int,
    part: str,
) -> pd.DataFrame:
    """Return the ledger with the tags of `image_ids` added, each with its answer.

    Tags are bought from coarse to fine: the boxes of a grid only inside the boxes of the grid
    before it that hold something, since the others hold nothing. What the ledger has is not bought
    again.

    Args:
        grids: (rows, columns), each nested in the one before; ((1, 1),) tags whole images.
    """
    facts = index.set_index("image_id")[["row", "stack_height", "stack_width"]]
    owned = _owned(ledger)
    rows = []
    for name in image_ids:
        row, height, width = map(int, facts.loc[name])
        asked: list[Box] = [(0, 0, height, width)]
        for grid in grids:
            boxes = [box for box in grid_boxes((height, width), grid) if _inside_any(box, asked)]
            answers = {box: owned.get((name, box)) or tag_text(answer(row, box)) for box in boxes}
            rows += [
                (round_, name, part, "tag", *box, box[2] * box[3], tag)
                for box, tag in answers.items()
                if (name, box) not in owned
            ]
            asked = [box for box, tag in answers.items() if tag != "0"]
    return add_rows(ledger, pd.DataFrame(rows, columns=[*COLUMNS, "tag"])) if rows else ledger


def _owned(ledger: pd.DataFrame) -> dict[tuple[str, Box], str]:
    tags = ledger[ledger["unit"] == "tag"]
    if tags.empty:
        return {}
    boxes = tags[["y", "x", "height", "width"]].astype(int).itertuples(index=False, name=None)
    keys = zip(tags["image_id"], boxes, strict=True)
    return dict(zip(keys, tags["tag"].astype(str), strict=True))


def _inside_any(box: Box, others: Sequence[Box]) -> bool:
    y, x = box[0] + box[2] / 2, box[1] + box[3] / 2
    return any(
        top <= y < top + height and left <= x < left + width for top, left, height, width in others
    )


@dataclass(frozen=True)
class Tags:
    """The tags of N images, with at most M boxes each, over K classes.

    Attributes:
        regions: uint8, N x H x W; the box that a pixel lies in, 255 where no tag was bought.
        values: float32, N x M x K; 1 where a box holds a class.
        areas: float32, N x M; pixels of a box, 0 beyond an image's last one.
    """

    regions: NDArray[np.uint8]
    values: NDArray[np.float32]
    areas: NDArray[np.float32]


class RevealedTags:
    """The tags that a ledger has bought, with the answers that it holds; no mask is opened."""

    def __init__(self, index: pd.DataFrame, ledger: pd.DataFrame, classes: int) -> None:
        """Take the finest boxes of every image; the parts of a divided box stand for it."""
        self.size = (int(index["stack_height"].iloc[0]), int(index["stack_width"].iloc[0]))
        self.classes = classes
        rows = row_of(index)
        self._tags: dict[int, list[tuple[Box, tuple[int, ...]]]] = {}
        for (name, box), text in _owned(ledger).items():
            tag = image_tag(text) or ()
            self._tags.setdefault(int(rows.loc[name]), []).append((box, tag))
        for tags in self._tags.values():  # large before small, so that small boxes are on top
            tags.sort(key=lambda item: (-item[0][2] * item[0][3], item[0]))
        most = max((len(tags) for tags in self._tags.values()), default=0)
        if most > IGNORE:
            raise FrugalsegError(
                f"An image has {most} tags, more than the limit of {IGNORE}. Use coarser grids."
            )

    def __getitem__(self, rows: NDArray[np.int64]) -> Tags:
        """Return the tags of the stack's rows `rows`."""
        images = [self._tags.get(int(row), []) for row in rows]
        most = max((len(tags) for tags in images), default=0)
        regions = np.full((len(rows), *self.size), IGNORE, np.uint8)
        values = np.zeros((len(rows), most, self.classes), np.float32)
        areas = np.zeros((len(rows), most), np.float32)
        for image, tags in enumerate(images):
            for number, ((top, left, height, width), tag) in enumerate(tags):
                regions[image, top : top + height, left : left + width] = number
                values[image, number, [value - 1 for value in tag]] = 1
            counts = np.bincount(regions[image].ravel(), minlength=IGNORE + 1)
            areas[image, : len(tags)] = counts[: len(tags)]
        return Tags(regions, values, areas)


def tagged_rows(index: pd.DataFrame, ledger: pd.DataFrame, part: str) -> NDArray[np.int64]:
    """Return the stack rows of which the ledger holds tags in `part`, ascending."""
    return rows_of(index, ledger[(ledger["part"] == part) & (ledger["unit"] == "tag")])
