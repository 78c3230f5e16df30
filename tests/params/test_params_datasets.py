import pytest
from pydantic import ValidationError

from frugalseg.params.datasets import DataSetParams

LEAST = {"source": "file:a.zip", "reader": "folder", "image_size": [64, 96]}


def test_what_is_left_out_has_a_default() -> None:
    entry = DataSetParams.model_validate(LEAST)
    assert entry.image_size == (64, 96)
    assert (entry.fit, entry.channels, entry.patch) == ("stretch", 3, None)
    assert (entry.split.test, entry.split.validation, entry.split.leaks) == (0.25, 0.15, "keep")
    assert entry.duplicates.distance == 32
    assert entry.limits.entries == 200_000


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reader": "nobody"}, "Unknown data set 'nobody'"),
        ({"sha256": "ff"}, "sha256"),
        ({"fit": "crop"}, "fit"),
        ({"split": {"test": 1.5}}, "split.test"),
        ({"split": {"leaks": "hide"}}, "split.leaks"),
        ({"duplicates": {"distance": -1}}, "duplicates.distance"),
        ({"limits": {"pixels": 0}}, "limits.pixels"),
        ({"origin": "no-group"}, "origin"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_fault_names_its_key(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DataSetParams.model_validate(LEAST | fields)
