from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from frugalseg.settings.labels import Labels, amounts, drawn

LABELS: TypeAdapter[Any] = TypeAdapter(Labels)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (40, {"images": 40}),
        (0.5, {"images": 0.5}),
        ("tags", {"tags": 1.0}),
        (
            {"images": 8, "scribbles": 0.5, "tags": "all"},
            {"images": 8, "scribbles": 0.5, "tags": 1.0},
        ),
    ],
)
def test_labels_are_an_amount_tags_or_several_kinds(labels: Any, expected: dict[str, Any]) -> None:
    assert amounts(LABELS.validate_python(labels)) == expected
    assert amounts(None) == {}


def test_drawings_are_what_is_neither_a_mask_nor_a_tag() -> None:
    assert drawn({"tags": 1.0, "points": 4, "images": 8, "boxes": 2}) == ["points", "boxes"]
    assert drawn(40) == drawn("tags") == drawn(None) == []


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("scribbles", "expected a share such as 0.1, or a number of images"),
        ({}, "at least one kind of label"),
        ({"scribbles": -3}, "expected a number of images of at least 1"),
        ({"scribbles": 1.5}, "expected a share of the images above 0 and at most 1"),
        ({"points": "some"}, "expected a share such as 0.1"),
    ],
)
def test_other_labels_are_refused(labels: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LABELS.validate_python(labels)
