from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card_tables import (
    LISTED,
    background_table,
    class_table,
    compare_tags,
    disagreement_table,
    duplicate_table,
    leak_table,
    size_table,
    tag_table,
)
from frugalseg.reporting.table import Table

DEFECTS = pd.DataFrame(
    {
        "image_id": ["a", "a", "b"],
        "class": ["pit", "pit", "crack"],
        "area": [2, 6, 8],
    }
)
INDEX = pd.DataFrame(
    {
        "image_id": ["a", "b", "c", "d"],
        "image_label": ["2", "0", "0", ""],
        "has_mask": [True, True, True, False],
        "foreground": [8, 8, 0, 0],
        "pixels": [40, 40, 20, 0],
        "height": [10, 10, 30, 10],
        "width": [20, 20, 20, 20],
    }
)


@pytest.fixture
def small(study: Study) -> Study:
    """Return a study of four images of two classes, one of them without a mask."""
    card = {**study.card, "classes": ["crack", "pit"]}
    return replace(study, card=card, index=INDEX, masks=np.zeros((4, 5, 8), np.uint8))


def texts(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row] for row in table.rows]


def test_balance_of_classes_by_pixels_images_and_defects(small: Study) -> None:
    assert texts(class_table(small, DEFECTS)) == [
        ["crack", "8.0%", "1", "33%", "1", "8", "8", "8"],
        ["pit", "8.0%", "1", "33%", "2", "2", "4", "6"],
        ["background", "84%", "1", "33%", "–", "–", "–", "–"],
    ]


def test_a_class_that_never_occurs_is_listed(small: Study) -> None:
    rows = texts(class_table(small, DEFECTS[DEFECTS["class"] == "pit"]))
    assert rows[0] == ["crack", "0%", "0", "0%", "0", "–", "–", "–"]


def test_sizes_by_frequency() -> None:
    assert texts(size_table(INDEX)) == [["10 × 20", "3", "75%"], ["30 × 20", "1", "25%"]]
    many = pd.DataFrame({"height": range(20), "width": 7})
    assert texts(size_table(many))[-1] == ["12 other sizes", "12", "60%"]
    assert len(size_table(many).data) == 20


def test_tags_are_held_against_masks(small: Study) -> None:
    tags = compare_tags(small, DEFECTS)
    assert tags[["tag", "mask", "agrees"]].to_numpy().tolist() == [
        ["pit", "pit", True],
        ["no defect", "crack", False],
        ["no defect", "no defect", True],
        ["not known", "no mask", True],
    ]
    assert texts(disagreement_table(tags)) == [["b", "no defect", "crack"]]
    table = tag_table(tags)
    assert [column.label for column in table.columns[1:]] == [
        *("mask: crack", "mask: pit", "mask: no defect", "mask: no mask"),
    ]
    assert texts(table) == [
        ["pit", "0", "1", "0", "0"],
        ["no defect", "1", "0", "1", "0"],
        ["not known", "0", "0", "0", "1"],
    ]


def test_a_tag_of_several_classes_names_them(small: Study) -> None:
    both = INDEX.assign(image_label=["1+2", "1", "", ""])
    assert compare_tags(replace(small, index=both), DEFECTS)["tag"].tolist() == [
        *("crack + pit", "crack", "not known", "not known"),
    ]


def test_duplicates_with_another_mask_come_first() -> None:
    pairs = pd.DataFrame(
        {
            "image_id": ["a", "b", "c"],
            "other_id": ["x", "y", "z"],
            "kind": ["exact", "near", "exact"],
            "distance": [0, 3, 0],
            "same_mask": ["True", None, "False"],
        }
    )
    assert [row[0] + ": " + row[-1] for row in texts(duplicate_table(pairs))] == [
        *("c: another", "a: the same", "b: not known"),
    ]


def test_long_lists_say_how_long_they_are() -> None:
    leaks = pd.DataFrame({"image_id": [f"i{k}" for k in range(250)], "reason": "group"})
    table = leak_table(leaks)
    assert table is not None
    assert len(table.rows) == LISTED
    assert table.caption.endswith("(the first 100 of 250)")


@pytest.mark.parametrize("make", [duplicate_table, leak_table])
def test_nothing_found_is_no_table(make: object) -> None:
    assert callable(make)
    assert make(pd.DataFrame()) is None


def test_every_metric_has_its_all_background_score(study: Study) -> None:
    rows = {row[0]: row[1] for row in texts(background_table(study))}
    assert len(rows) == 10
    assert (rows["Accuracy"], rows["Dice"]) == ("0.900", "0.000")
    scores = study.scores.drop(columns="all_background")
    assert background_table(replace(study, scores=scores)) is None
