"""LabelMe's files: all shapes that cover an area, and images without a file."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint


def png(mask: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def shape(kind: str, points: list[list[float]], label: str = "pit", **more: Any) -> dict[str, Any]:
    return {"label": label, "shape_type": kind, "points": points, **more}


def write(root: Path, *shapes: dict[str, Any]) -> None:
    Image.fromarray(np.zeros((6, 8), np.uint8)).save(root / "a.png")
    content = {"shapes": shapes, "imagePath": "a.png", "imageHeight": 6, "imageWidth": 8}
    (root / "a.json").write_text(json.dumps(content))


BLOCK = np.zeros((6, 8), np.uint8)
BLOCK[1:3, 1:4] = 1


@pytest.mark.parametrize(
    "one",
    [
        shape("polygon", [[1, 1], [4, 1], [4, 3], [1, 3]]),
        shape("rectangle", [[1, 1], [4, 3]]),
        shape("rectangle", [[4, 3], [1, 1]]),
        shape("oriented_rectangle", [[1, 1], [4, 1], [4, 3], [1, 3]]),
        shape("mask", [[1, 1], [3, 2]], mask=png(np.full((2, 3), 255, np.uint8))),
    ],
)
def test_shapes_of_one_area(tmp_path: Path, one: dict[str, Any]) -> None:
    write(tmp_path, one)
    export = read_export(tmp_path, "labelme")[1]
    assert export.classes == ("pit",)
    assert np.array_equal(paint(export.images[0], export.classes), BLOCK)


def test_a_circle_by_hand(tmp_path: Path) -> None:
    write(tmp_path, shape("circle", [[4, 3], [4, 4.6]]))
    export = read_export(tmp_path, "labelme")[1]
    # centers within 1.6 of x = 4, y = 3: two each way, without the corners at 1.5, 1.5
    expected = np.zeros((6, 8), np.uint8)
    expected[1:5, 3:5] = expected[2:4, 2:6] = 1
    assert np.array_equal(paint(export.images[0], export.classes), expected)


def test_a_file_of_labelme_3_has_no_size(tmp_path: Path) -> None:
    write(tmp_path, shape("polygon", [[1, 1], [4, 1], [4, 3], [1, 3]]))
    content = json.loads((tmp_path / "a.json").read_text())
    del content["imageHeight"], content["imageWidth"]
    (tmp_path / "a.json").write_text(json.dumps(content))
    (one,) = read_export(tmp_path, "labelme")[1].images
    assert one.size is None


def test_classes_are_sorted_and_images_without_a_file_are_unlabeled(tmp_path: Path) -> None:
    box = [[0.0, 0.0], [1.0, 1.0]]
    write(tmp_path, shape("rectangle", box, "b"), shape("rectangle", box, "a"))
    Image.fromarray(np.zeros((6, 8), np.uint8)).save(tmp_path / "b.png")
    export = read_export(tmp_path, "labelme")[1]
    assert export.classes == ("a", "b")
    assert [one.regions is None for one in export.images] == [False, True]


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (shape("linestrip", [[1, 1], [2, 2]]), "'linestrip' covers no area"),
        (shape("polygon", [[1, 1], [2, 2]]), "at least 3 corners"),
        ({"points": [[1, 1]]}, "KeyError: 'label'"),
        (shape("rectangle", [[1, 1]]), "expected annotations of LabelMe"),
        (shape("rectangle", [[1, 1], [4, float("nan")]]), "at least 3 corners of numbers"),
        (shape("circle", [[1, 1], [1, 1]]), "two radii above 0"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, one: dict[str, Any], message: str) -> None:
    write(tmp_path, one)
    with pytest.raises(FrugalsegError) as error:
        read_export(tmp_path, "labelme")[1]
    assert message in str(error.value)


@pytest.mark.parametrize(
    "corners",
    [
        [[1, 1], [9, 2]],
        [[-1, 1], [1, 2]],
        [[1, 1], [2, 2]],
        [[1, 1]],
        [[1, 1], [1e300, 2]],
        [[float("nan"), 1], [3, 2]],
    ],
)
def test_a_mask_of_another_size_is_told(tmp_path: Path, corners: list[list[float]]) -> None:
    write(tmp_path, shape("mask", corners, mask=png(np.full((2, 3), 255, np.uint8))))
    export = read_export(tmp_path, "labelme")[1]
    with pytest.raises(FrugalsegError, match="expected a mask as large as its box"):
        paint(export.images[0], export.classes)
