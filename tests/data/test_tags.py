from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.costs import price
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_csv
from frugalseg.data.ledger import buy_images, empty_ledger, read_ledger
from frugalseg.data.split import read_split
from frugalseg.data.stack import read_index
from frugalseg.data.tags import (
    RevealedTags,
    add_tags,
    buy_tags,
    grid_boxes,
    image_tag,
    oracle,
    tag_text,
    tagged_rows,
)
from frugalseg.settings.tags import TagParams
from frugalseg.stages import split

INDEX = pd.DataFrame(
    {
        "row": [0, 1, 2],
        "image_id": ["crack", "clean", "unknown"],
        "image_label": ["1", "0", ""],
        "pixels": 64,
        "stack_height": 8,
        "stack_width": 8,
    }
)
MASKS = np.zeros((3, 8, 8), np.uint8)
MASKS[0, 0, 0] = 1  # in the first quarter, and its first quarter
MASKS[2, 7, 7] = 2


def bought(names: list[str], grids: list[tuple[int, int]]) -> pd.DataFrame:
    answer = oracle(INDEX, lambda: MASKS)
    return buy_tags(empty_ledger(), INDEX, names, grids, answer, round_=0, part="train")


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_boxes_cover_every_pixel_once(size: tuple[int, int], grid: tuple[int, int]) -> None:
    if grid[0] > size[0] or grid[1] > size[1]:
        with pytest.raises(FrugalsegError, match="does not fit an image"):
            grid_boxes(size, grid)
        return
    seen = np.zeros(size, int)
    for top, left, height, width in grid_boxes(size, grid):
        seen[top : top + height, left : left + width] += 1
    assert (seen == 1).all()


@pytest.mark.parametrize("classes", [(), (1,), (1, 3)])
def test_tags_are_read_as_they_are_written(classes: tuple[int, ...]) -> None:
    assert image_tag(tag_text(classes)) == classes
    assert image_tag("") is None


def test_finer_boxes_are_asked_only_inside_what_holds_something() -> None:
    ledger = bought(["crack", "clean"], [(1, 1), (2, 2), (4, 4)])
    assert ledger["image_id"].value_counts().to_dict() == {"crack": 1 + 4 + 4, "clean": 1}
    fine = ledger[ledger["height"] == 2]
    assert fine[["y", "x"]].max().max() == 2
    assert fine["tag"].tolist() == ["1", "0", "0", "0"]


def test_whole_images_are_tagged_without_opening_a_mask() -> None:
    def closed() -> NDArray[np.uint8]:
        raise AssertionError("a mask was opened")

    answer = oracle(INDEX, closed)
    assert answer(0, (0, 0, 8, 8)) == (1,)
    assert answer(1, (0, 0, 4, 4)) == ()
    with pytest.raises(AssertionError, match="opened"):
        answer(2, (0, 0, 8, 8))


def test_a_tag_is_paid_once_and_at_its_price() -> None:
    ledger = bought(["crack", "unknown"], [(1, 1), (2, 2)])
    again = buy_tags(
        ledger, INDEX, ["crack"], [(1, 1), (2, 2), (4, 4)], oracle(INDEX, lambda: MASKS),
        round_=1, part="train",
    )  # fmt: skip
    assert (again["round"] == 1).sum() == 4
    again = buy_images(again, INDEX, ["clean"], round_=1, part="val")
    costs: dict[str, Any] = {
        "mask_seconds": 60,
        "region_seconds": 0,
        "region_seconds_per_kilopixel": 0,
    }
    spent = price(again, **costs, tag_seconds=1.5)
    assert spent["seconds"].tolist() == [15.0, 15.0 + 6.0 + 60.0]
    assert spent["images"].tolist() == [0, 1]
    assert spent["pixels"].tolist() == [0, 64]


def test_what_was_bought_is_revealed_finest_box_first() -> None:
    ledger = bought(["crack", "unknown"], [(1, 1), (2, 2)])
    tags = RevealedTags(INDEX, ledger, 2)[np.array([0, 1, 2])]
    assert (tags.regions[1] == IGNORE).all()
    assert tags.areas.tolist() == [[0, 16, 16, 16, 16], [0] * 5, [0, 16, 16, 16, 16]]
    assert tags.values[0].tolist() == [[1, 0], [1, 0], [0, 0], [0, 0], [0, 0]]
    assert tags.values[2][tags.regions[2, 7, 7]].tolist() == [0, 1]
    assert tagged_rows(INDEX, ledger, "train").tolist() == [0, 2]
    assert tagged_rows(INDEX, ledger, "val").tolist() == []


def test_a_ledger_file_keeps_the_answers(tmp_path: Path) -> None:
    ledger = bought(["crack"], [(1, 1), (2, 2)])
    write_csv(tmp_path / "labels.csv", ledger)
    read = read_ledger(tmp_path / "labels.csv")
    read = buy_images(read, INDEX, ["clean"], round_=0, part="val")  # rows without an answer
    write_csv(tmp_path / "labels.csv", read)
    read = read_ledger(tmp_path / "labels.csv")
    one, two = (RevealedTags(INDEX, table, 2)[np.array([0, 2])] for table in (ledger, read))
    assert np.array_equal(one.regions, two.regions)
    assert np.array_equal(one.values, two.values)


def test_more_boxes_than_a_byte_can_number_are_refused() -> None:
    index = INDEX.assign(stack_height=32, stack_width=32, image_label="1")
    answer = oracle(index, lambda: np.ones((3, 32, 32), np.uint8))
    ledger = buy_tags(empty_ledger(), index, ["crack"], [(16, 16)], answer, round_=0, part="train")
    with pytest.raises(FrugalsegError, match="256 tags, more than the limit of 255"):
        RevealedTags(index, ledger, 1)


def test_validation_is_tagged_by_its_own_grids_and_nothing_is_bought_twice(prepared: Path) -> None:
    file = prepared.parent / "split.csv"
    split.run(prepared, file, seed=0, test=0.2, validation=0.2)
    index, parts = read_index(prepared), read_split(file)
    masks, pool = prepared / "masks.npy", parts.loc[parts["part"] == "train", "image_id"].tolist()
    settings = TagParams(grids=[(1, 1)], validation=[(1, 1), (2, 2)])
    found = add_tags(empty_ledger(), index, parts, pool[:3], masks, settings, 0)
    assert found.loc[found["part"] == "train", "image_id"].tolist() == pool[:3]
    validation = found[found["part"] == "val"]
    assert set(validation["image_id"]) == set(parts.loc[parts["part"] == "val", "image_id"])
    assert (validation["height"] == 16).any()
    again = add_tags(found, index, parts, pool[:3], masks, settings, 1)
    assert len(again) == len(found)
