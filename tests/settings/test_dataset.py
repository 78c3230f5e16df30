import pytest
from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.dataset import DataSetParams

LEAST = {"source": "file:a.zip", "reader": "folder", "image_size": [64, 96]}


def test_what_is_left_out_has_a_default() -> None:
    entry = DataSetParams.model_validate(LEAST)
    assert entry.image_size == (64, 96)
    assert (entry.fit, entry.channels, entry.patch) == ("stretch", 3, None)
    assert (entry.split.test, entry.split.validation, entry.split.leaks) == (0.25, 0, "keep")
    assert entry.duplicates.distance == 32
    assert entry.limits.entries == 200_000


def test_a_size_that_is_chosen_later_is_for_whole_images() -> None:
    entry = DataSetParams.model_validate(LEAST | {"image_size": "auto"})
    assert entry.of_size((32, 64)).size == (32, 64)
    with pytest.raises(FrugalsegError, match=r"image_size: 'auto' is a size that rule 'prepare'"):
        _ = entry.size
    with pytest.raises(ValidationError, match="give the size of a tile"):
        DataSetParams.model_validate(LEAST | {"image_size": "auto", "tile": {}})


def test_tiles_are_cut_at_native_scale_without_overlap_unless_said() -> None:
    tile = DataSetParams.model_validate(LEAST | {"tile": {}}).tile
    assert tile is not None
    assert (tile.overlap, tile.scale, tile.resize) == (0.0, 1.0, None)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sha256": "ff"}, "expected 64 hex digits"),
        ({"fit": "crop"}, "fit"),
        ({"fit": "pad", "tile": {}}, "give 'tile' or 'fit', not both"),
        ({"tile": {"overlap": 1.0}}, "tile.overlap"),
        ({"tile": {"scale": 2.0}}, "tile.scale"),
        ({"tile": {"scale": 0.5, "resize": [32, 32]}}, "'scale' .* or 'resize', not both"),
        ({"split": {"test": 1.5}}, "split.test"),
        ({"split": {"leaks": "hide"}}, "split.leaks"),
        ({"duplicates": {"distance": -1}}, "duplicates.distance"),
        ({"limits": {"pixels": 0}}, "limits.pixels"),
        ({"origin": "no-group"}, "origin"),
        ({"options": {"pair": "no-group"}}, "options\n.*pair: expected .* one group"),
        ({"options": {"pair": "("}}, "options\n.*pair: not a valid regular expression"),
        ({"options": {"pair": "(a)(b)"}}, "options\n.*pair: expected .* one group"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_fault_names_its_key(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DataSetParams.model_validate(LEAST | fields)
