"""What is strange about a data set's files is said once, with their names."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.images import Notes
from frugalseg.ingest.mask.raw import count_levels
from frugalseg.ingest.mask.values import Kind, MaskValues
from frugalseg.ingest.sample import Item
from frugalseg.ingest.survey import Survey
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams

ROOT = Path("raw")
SETTINGS = DataSetParams.model_validate(
    {"source": "file:x", "reader": "folder", "image_size": [32, 64]}
)


def item(name: str) -> Item:
    return Item(name, ROOT / f"images/{name}.png", ROOT / f"masks/{name}.png")


def warnings(survey: Survey) -> list[str]:
    return survey.warnings(MaskParams(method="otsu"), ["pit"], SETTINGS)


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        (Notes(orientation=6, turned_alone=True), "1 image was turned by their EXIF"),
        (Notes(levels=14), "1 image was left with fewer than 32 gray levels: images/b.png"),
        (Notes(stretched=True), "1 image was deeper than 8 bits and stretched"),
        (Notes(dropped=True), "1 image was read without bands beyond three"),
    ],
)
def test_how_an_image_was_read_is_said(notes: Notes, text: str) -> None:
    survey = Survey(ROOT)
    survey.add_image(item("a"), Notes(orientation=3))
    survey.add_image(item("b"), notes)
    (said,) = warnings(survey)
    assert said.startswith(text)


def test_images_that_were_all_stretched_are_alike() -> None:
    survey = Survey(ROOT)
    for name in "ab":
        survey.add_image(item(name), Notes(stretched=True))
    assert not warnings(survey)


def add(survey: Survey, name: str, mask: NDArray[np.uint8], stack: tuple[int, int]) -> None:
    survey.add_values(item(name), MaskValues(Kind.TWO, (0, 255), 255))
    survey.add_image(item(name), Notes())
    survey.add_mask(item(name), mask, count_levels(mask), stack)


def test_masks_that_may_be_misread_are_named_in_order_whichever_thread_read_first() -> None:
    survey = Survey(ROOT)
    for name in "cab":
        survey.add_values(item(name), MaskValues(Kind.CODES, (0, 1, 255), 255))
    survey.add_values(item("d"), MaskValues(Kind.TWO, (0, 255), 255))
    with pytest.raises(FrugalsegError, match=r"masks/a\.png, masks/b\.png, masks/c\.png"):
        survey.own_codes(127.0, ["pit"])


def test_defect_area_kept_is_at_most_that_of_each_image() -> None:
    """Of 4 x 100 pixels, a keeps all and more, b half, c nothing: (40 + 20) / 120."""
    survey = Survey(ROOT)
    mask = np.zeros((20, 20), np.uint8)
    mask[5:9, 5:15] = 1
    for name, kept in (("a", 30), ("b", 5), ("c", 0)):
        add(survey, name, mask, (kept, 100))
    assert survey.facts()["area_kept"] == pytest.approx(60 / 120)
    (said,) = warnings(survey)
    assert said.startswith("1 of 3 images with a defect lose all of it at 32 x 64")
    # 4 pixels high, but the largest square around a pixel has 3: 20 / 3 is 7, rounded up to 32
    assert "image_size: [32, 32]" in said


def test_files_of_one_kind_are_counted_together() -> None:
    survey = Survey(ROOT)
    for number in range(30):
        values = MaskValues(Kind.CODES, (0, number + 1, 255), 255)
        survey.add_values(item(str(number)), values)
    facts = survey.facts()
    assert len(facts["files"]) == 12
    assert facts["files"][-1] == {"values": "other values", "masks": 19, "empty": 19}
    assert facts["area_kept"] is None
