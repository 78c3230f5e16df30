import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.leaks import COLUMNS, find_leaks, refuse
from frugalseg.data.split import linked

INDEX = pd.DataFrame(
    {
        "image_id": ["a", "b", "c", "d", "e", "f", "g"],
        "sha256": ["1", "1", "2", "3", "4", "5", "6"],
        "group": ["", "", "p", "p", "", "p", ""],
    }
)
PAIRS = pd.DataFrame({"image_id": ["d"], "other_id": ["e"]})


def leaks(*parts: str) -> list[list[str]]:
    units = linked(INDEX, PAIRS)
    found = find_leaks(INDEX, np.array(parts, object), units, PAIRS)
    assert found.columns.tolist() == COLUMNS
    return found.to_numpy().tolist()


def test_each_reason_is_told_with_the_other_image() -> None:
    assert leaks("train", "test", "test", "train", "train", "train", "train") == [
        ["a", "train", "b", "test", "exact"],
        ["d", "train", "c", "test", "group"],
        ["e", "train", "c", "test", "linked"],  # near d, which is of the group of c
        ["f", "train", "c", "test", "group"],
    ]
    assert leaks("train", "train", "train", "test", "train", "train", "train") == [
        ["c", "train", "d", "test", "group"],
        ["e", "train", "d", "test", "near"],
        ["f", "train", "d", "test", "group"],
    ]


def test_validation_leaks_into_test_and_training_into_both() -> None:
    assert leaks("val", "test", "unlabeled", "train", "train", "val", "test") == [
        ["a", "val", "b", "test", "exact"],
        ["c", "unlabeled", "f", "val", "group"],
        ["d", "train", "f", "val", "group"],
        ["e", "train", "f", "val", "linked"],
    ]


def test_images_on_one_side_or_dropped_are_no_leak() -> None:
    assert leaks("train", "unlabeled", "test", "test", "test", "test", "val") == []
    assert leaks("dropped", "test", "val", "val", "dropped", "val", "train") == []


def test_refusal_names_the_pairs() -> None:
    table = pd.DataFrame(
        [[f"a{n}", "train", f"b{n}", "test", "near"] for n in range(12)], columns=COLUMNS
    )
    with pytest.raises(FrugalsegError, match=r"(?s)12 images.*a0 \(train\) and b0 \(test\): near"):
        refuse(table)
    with pytest.raises(FrugalsegError, match="and 2 more"):
        refuse(table)
    refuse(table.iloc[:0])
