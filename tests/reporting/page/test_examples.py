from dataclasses import replace

import numpy as np
import pytest

from frugalseg.reporting.figures.gallery import GalleryItem, PredictionPanel
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import EXTRA, MISS, RIGHT
from frugalseg.reporting.page.examples import build_examples, choose_examples


def item(name: str, *values: int) -> GalleryItem:
    errors = np.array([values], np.uint8)
    image = np.zeros((1, len(values), 1), np.uint8)
    return GalleryItem(name, image, errors, (PredictionPanel("a", errors),))


ITEMS = [
    item("half", RIGHT, MISS, MISS),
    item("all", RIGHT, RIGHT, RIGHT),
    item("none", MISS, MISS, MISS),
    item("false", EXTRA, 0, 0),
    item("empty", 0, 0, 0),
]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (
            ITEMS,
            {"Lowest Dice": "none", "Median Dice": "half", "Highest Dice": "all"}
            | {"No defect": "false"},
        ),
        (ITEMS[:2], {"Lowest Dice": "half", "Highest Dice": "all"}),
        (ITEMS[4:], {"No defect": "empty"}),
        ([], {}),
    ],
)
def test_examples_are_the_ends_and_the_middle(
    items: list[GalleryItem], expected: dict[str, str]
) -> None:
    assert {title: i.image_id for title, i in choose_examples(items).items()} == expected


def test_rows_hold_the_truth_and_the_arms_of_the_answer(study: Study) -> None:
    examples = build_examples(study)
    assert examples is not None
    assert len(examples.photos) == len(examples.rows)
    for number, row in enumerate(examples.rows):
        assert [picture.label for picture in row.pictures] == ["truth", "random", "initial", "full"]
        assert {picture.photo for picture in row.pictures} == {number}
        assert all(len(picture.layers) == 1 for picture in row.pictures)


def test_without_predictions_there_are_none(study: Study) -> None:
    assert build_examples(replace(study, samples={})) is None
