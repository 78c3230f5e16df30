from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from purchases import INDEX

from frugalseg.core.constants import IGNORE
from frugalseg.data.drawn import buy_drawings
from frugalseg.data.ledger import (
    bought_boxes,
    bought_pixels,
    buy_images,
    buy_regions,
    empty_ledger,
    labeled_rows,
    read_ledger,
)
from frugalseg.data.revealed import RevealedMasks


@pytest.fixture
def masks_path(tmp_path: Path) -> Path:
    masks = np.stack([np.full((4, 4), value, np.uint8) for value in (1, 0, 1)])
    np.save(tmp_path / "masks.npy", masks)
    return tmp_path / "masks.npy"


def test_only_what_was_bought_is_revealed(masks_path: Path) -> None:
    ledger = buy_images(empty_ledger(), INDEX, ["a", "b"], round_=0, part="train")
    revealed = RevealedMasks(masks_path, INDEX, ledger)[np.array([2, 1, 0])]
    assert np.unique(revealed[0]).tolist() == [IGNORE]
    assert np.unique(revealed[1]).tolist() == [0]
    assert np.unique(revealed[2]).tolist() == [1]


def test_a_region_reveals_its_box_only(masks_path: Path) -> None:
    region = {"round": 0, "image_id": "a", "part": "train", "unit": "region"}
    box = {"y": 1, "x": 2, "height": 2, "width": 1, "pixels": 2}
    revealed = RevealedMasks(masks_path, INDEX, pd.DataFrame([region | box]))[np.array([0])][0]
    assert (revealed == 1).sum() == 2
    assert revealed[1:3, 2].tolist() == [1, 1]


def test_a_tag_reveals_no_pixel(masks_path: Path) -> None:
    tag = {"round": 0, "image_id": "a", "part": "train", "unit": "tag"}
    box = {"y": 0, "x": 0, "height": 4, "width": 4, "pixels": 0}
    ledger = pd.DataFrame([tag | box])
    assert (RevealedMasks(masks_path, INDEX, ledger)[np.array([0])] == IGNORE).all()
    assert labeled_rows(INDEX, ledger, "train").tolist() == []


def test_images_of_which_only_regions_were_bought_are_partial(masks_path: Path) -> None:
    ledger = buy_images(empty_ledger(), INDEX, ["a"], round_=0, part="train")
    ledger = buy_regions(ledger, [("b", (0, 0, 2, 2))], round_=1, part="train")
    masks = RevealedMasks(masks_path, INDEX, ledger)
    assert masks.partial(np.array([0, 1, 2])).tolist() == [False, True, False]


def test_a_mask_or_region_covers_what_was_drawn(tmp_path: Path) -> None:
    masks = np.zeros((3, 4, 4), np.uint8)
    masks[:, 1:3, 1:3] = 1
    np.save(tmp_path / "masks.npy", masks)
    drawn = buy_drawings(
        empty_ledger(), INDEX, ["a", "b", "c"], "boxes", masks, round_=0, part="train"
    )
    assert drawn["pixels"].tolist() == [12, 12, 12]
    assert bought_boxes(drawn) == {}
    assert bought_pixels(drawn).empty
    ledger = buy_images(drawn, INDEX, ["a"], round_=1, part="train")
    ledger = buy_regions(ledger, [("b", (0, 0, 2, 4))], round_=1, part="train")
    assert ledger["pixels"].tolist() == [12, 12, 12, 16, 8]
    revealed = RevealedMasks(tmp_path / "masks.npy", INDEX, ledger)
    rows = np.array([0, 1, 2])
    assert np.array_equal(revealed[rows][0], masks[0])
    inside = np.array([[IGNORE, IGNORE], [IGNORE, IGNORE]])
    assert np.array_equal(revealed[rows][1][:2], masks[1][:2])
    assert np.array_equal(revealed[rows][1][2, 1:3], inside[0])
    assert np.array_equal(revealed[rows][2][1:3, 1:3], inside)
    assert revealed.partial(rows).tolist() == [False, True, True]
    assert revealed.drawn_boxes(2) == ((1, (1, 1, 2, 2)),)
    assert labeled_rows(INDEX, ledger, "train").tolist() == [0, 1, 2]
    ledger.to_csv(tmp_path / "labels.csv", index=False)
    again = read_ledger(tmp_path / "labels.csv")
    assert again["marks"].fillna(-1).tolist() == [1, 1, 1, -1, -1]
