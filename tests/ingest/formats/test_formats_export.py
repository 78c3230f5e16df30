"""Images by the names that an export gives them, polygons, and names of classes."""

from pathlib import Path

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Images,
    named_classes,
    points,
    polygons,
    read_object,
    split_of,
)


def touch(root: Path, *names: str) -> Images:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return Images(root)


@pytest.mark.parametrize(
    ("name", "near", "split", "expected"),
    [
        ("b.png", "", None, "x/b.png"),
        ("x/b.png", "", None, "x/b.png"),
        ("c:\\photos\\b.png", "", None, "x/b.png"),
        ("y/a.png", "", None, "y/a.png"),
        ("a.png", "x", None, "x/a.png"),
        ("c.png", "annotations", "val", "val2017/c.png"),
        ("Ri\u0301o.png", "", None, "R\u00edo.png"),
    ],
)
def test_images_are_found(
    tmp_path: Path, name: str, near: str, split: str | None, expected: str
) -> None:
    images = touch(tmp_path, "x/a.png", "y/a.png", "x/b.png", "R\u00edo.png", "x/._b.png")
    images = touch(tmp_path, "train2017/c.png", "val2017/c.png")
    assert images.find(name, tmp_path / near, split) == tmp_path / expected


@pytest.mark.parametrize("name", ["none.png", "a.png", "z/a.png"])
def test_no_image_or_several_are_told(tmp_path: Path, name: str) -> None:
    images = touch(tmp_path, "x/a.png", "y/a.png")
    with pytest.raises(FrugalsegError, match=f"expected one image called {name}, found"):
        images.find(name, tmp_path)


def test_polygons_cover_the_pixels_whose_centers_they_hold() -> None:
    square = points([1, 1, 4, 1, 4, 3, 1, 3], "here")
    triangle = points([[0, 4], [1.8, 4], [0, 5.8]], "here")  # x + y - 4 below 1.8
    expected = np.zeros((6, 5), bool)
    expected[1:3, 1:4] = True
    expected[4, 0] = True
    assert np.array_equal(polygons([square, triangle])((6, 5)), expected)


@pytest.mark.parametrize(
    "values", [[1, 2, 3, 4], [1, 2, 3], ["a", 1, 2, 3, 4, 5], [0] * 5 + [np.nan]]
)
def test_what_is_no_polygon_is_told(values: list[float]) -> None:
    with pytest.raises(FrugalsegError, match=r"here: expected .*corners"):
        points(values, "here")


def test_classes_keep_their_order_and_leave_out_what_is_none() -> None:
    labels = ["crack", "Background", "pit", "void", "crack", "_background_"]
    assert named_classes(labels) == ("crack", "pit")


@pytest.mark.parametrize(
    ("names", "split"),
    [
        (("train", "x"), "train"),
        (("train", "instances_val2017"), "val"),
        (("Validation",), "val"),
        (("test-images",), "test"),
        (("trainer", "contest"), None),
        ((), None),
    ],
)
def test_split_of(names: tuple[str, ...], split: str | None) -> None:
    assert split_of(*names) == split


def test_what_is_not_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(FrugalsegError, match=r"a\.json: cannot be read as JSON"):
        read_object(tmp_path / "a.json")
    (tmp_path / "a.json").write_text("[1]")
    assert read_object(tmp_path / "a.json") is None
