from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from purchases import bought, buy, trained_on

from frugalseg.core.costs import price
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import read_ledger


def test_kinds_take_parts_of_one_order_that_follow_each_other(prepared: Path) -> None:
    mixed = buy(prepared, "mixed.csv", labels={"boxes": 3, "images": 4, "scribbles": 0.3})
    table = read_ledger(mixed).query("part == 'train'")
    assert table["unit"].tolist() == ["image"] * 4 + ["scribbles"] * 4 + ["boxes"] * 3
    assert table["image_id"].tolist() == trained_on(buy(prepared, "11.csv", labels=11))
    fewer = buy(prepared, "fewer.csv", labels={"images": 4, "scribbles": 2})
    assert trained_on(fewer) == table["image_id"].tolist()[:6]
    validation = read_ledger(mixed).query("part == 'val'")
    assert validation["unit"].tolist() == ["image"] * len(validation)


def test_the_ledger_counts_marks_and_tags_come_on_top(prepared: Path) -> None:
    ledger = buy(
        prepared, "a.csv", labels={"images": 2, "points": 5, "tags": 1.0}, tags={"share": 1.0}
    )
    table = read_ledger(ledger)
    positives = pd.read_csv(prepared / "index.csv").set_index("image_id")["foreground"] > 0
    points = table[table["unit"] == "points"]
    expected = 4 + positives.loc[points["image_id"]].astype(int)  # one square at most an image
    assert points["marks"].tolist() == points["pixels"].tolist() == expected.tolist()
    tags = table[(table["unit"] == "tag") & (table["part"] == "train")]
    assert len(tags) == 14
    costs: dict[str, Any] = {"mask_seconds": 60, "region_seconds": 3}
    costs |= {"region_seconds_per_kilopixel": 2}
    spent = price(table, **costs, tag_seconds=1, mark_seconds={"points": 2})
    masks = (table["unit"] == "image").sum()
    all_tags = (table["unit"] == "tag").sum()
    assert spent["seconds"].tolist() == [60 * masks + all_tags + 5 + 2 * expected.sum()]


def test_masks_can_be_bought_of_images_that_were_drawn_on(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels={"scribbles": 1.0})
    second = buy(prepared, "1.csv", first, acquire="random", query=6, round_=1)
    table = read_ledger(second)
    assert (bought(second)["unit"] == "image").all()
    assert bought(second)["pixels"].eq(1024).all()  # what was drawn is no part of a mask
    assert table["marks"].dropna().astype(int).tolist() == (
        read_ledger(first)["marks"].dropna().astype(int).tolist()
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"scribbles": 99}, "'labels.scribbles' asks for 99 images, but the training pool has 14"),
        (
            {"images": 8, "boxes": 8},
            "images of 8, boxes of 8 images.* but the training pool has 14",
        ),
        ({"images": 1, "boxes": 1.0}, "images of 1, boxes of 14 images"),
    ],
)
def test_more_than_the_pool_has_is_refused(
    prepared: Path, labels: dict[str, float], message: str
) -> None:
    with pytest.raises(FrugalsegError, match=message):
        buy(prepared, "0.csv", labels=labels)
    assert not (prepared.parent / "0.csv").exists()


def test_nothing_can_be_drawn_on_a_pool_without_objects(prepared: Path) -> None:
    index = pd.read_csv(prepared / "index.csv", keep_default_na=False)
    index.assign(foreground=0).to_csv(prepared / "index.csv", index=False)
    with pytest.raises(FrugalsegError, match=r"'labels\.points' are drawn on objects"):
        buy(prepared, "0.csv", labels={"images": 2, "points": 4})
