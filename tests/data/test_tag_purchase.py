from pathlib import Path

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.stack import read_index
from frugalseg.data.tag_purchase import add_tags
from frugalseg.settings.tags import TagParams
from frugalseg.stages import split


def test_validation_is_tagged_whole_and_shares_are_nested(prepared: Path) -> None:
    file = prepared.parent / "split.csv"
    split.run(prepared, file, seed=0, test=0.2, validation=0.2)
    index, parts = read_index(prepared), pd.read_csv(file, dtype=str)
    masks = prepared / "masks.npy"
    found = {}
    for share in (0.5, 1.0, 3):
        settings = TagParams(share=share, grids=[(1, 1)], validation=[(1, 1), (2, 2)])
        found[share] = add_tags(empty_ledger(), index, parts, masks, settings, 0, 0)
    pool = parts.loc[parts["part"] == "train", "image_id"]
    chosen = {s: set(t.loc[t["part"] == "train", "image_id"]) for s, t in found.items()}
    assert chosen[1.0] == set(pool)
    assert chosen[3] < chosen[0.5] < chosen[1.0]
    assert len(chosen[3]) == 3
    validation = found[3][found[3]["part"] == "val"]
    assert set(validation["image_id"]) == set(parts.loc[parts["part"] == "val", "image_id"])
    assert (validation["height"] == 16).any()
    again = add_tags(found[3], index, parts, masks, settings, 0, 1)
    assert len(again) == len(found[3])


def test_more_tagged_images_than_the_training_pool_has_are_refused(prepared: Path) -> None:
    file = prepared.parent / "split.csv"
    split.run(prepared, file, seed=0, test=0.2, validation=0.2)
    index, parts = read_index(prepared), pd.read_csv(file, dtype=str)
    settings = TagParams(share=15, grids=[(1, 1)])
    with pytest.raises(
        FrugalsegError,
        match=r"'tags\.share' asks for 15 images, but the training pool has 14\. Lower the arm's",
    ):
        add_tags(empty_ledger(), index, parts, prepared / "masks.npy", settings, 0, 0)
