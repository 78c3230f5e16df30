"""COCO exports: polygons, run lengths, crowds, splits, and what is not taken for a mask."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

SQUARE = [[1, 1, 4, 1, 4, 3, 1, 3]]
CROWD = {"size": [6, 8], "counts": [0, 6, 42]}


def annotations(**changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 7, "file_name": "a.png", "height": 6, "width": 8}],
        "categories": [
            {"id": 3, "name": "pit"},
            {"id": 1, "name": "crack"},
            {"id": 2, "name": "x"},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "segmentation": SQUARE, "iscrowd": 0},
            {"id": 2, "image_id": 7, "category_id": 1, "segmentation": CROWD, "iscrowd": 1},
        ],
    } | changes


def write(root: Path, file: str, content: dict[str, Any], *images: str) -> None:
    for name in images:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros((6, 8), np.uint8)).save(root / name)
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(json.dumps(content))


def test_regions_become_a_mask(tmp_path: Path) -> None:
    write(tmp_path, "annotations.json", annotations(), "images/a.png")
    write(tmp_path, "other.json", {"images": []})
    export = read_export(tmp_path, "coco")[1]
    assert export.classes == ("crack", "pit")  # by their ids; x is not used
    (one,) = export.images
    assert (one.image, one.size, one.split) == (tmp_path / "images/a.png", (6, 8), None)
    expected = np.zeros((6, 8), np.uint8)
    expected[1:3, 1:4] = 2
    expected[:, 0] = 1
    assert np.array_equal(paint(one, export.classes), expected)


def test_files_may_number_their_classes_differently(tmp_path: Path) -> None:
    write(tmp_path, "train.json", annotations(), "train/a.png")
    names = [{"id": 3, "name": "dent"}, {"id": 1, "name": "crack"}]
    write(tmp_path, "val.json", annotations(categories=names), "val/a.png")
    export = read_export(tmp_path, "coco")[1]
    assert export.classes == ("crack", "dent", "pit")
    assert [set(np.unique(paint(one, export.classes))) for one in export.images] == [
        {0, 1, 3},
        {0, 1, 2},
    ]


def test_files_of_splits(tmp_path: Path) -> None:
    for split in ("train", "val"):
        file = f"annotations/instances_{split}2017.json"
        write(tmp_path, file, annotations(), f"{split}2017/a.png")
    write(tmp_path, "test/_annotations.coco.json", annotations(annotations=[]), "test/a.png")
    images = read_export(tmp_path, "coco")[1].images
    assert [(one.image.parent.name, one.split) for one in images] == [
        ("train2017", "train"),
        ("val2017", "val"),
        ("test", "test"),
    ]
    assert images[2].regions == []  # an image without annotations holds nothing


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"annotations": [{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 1, 2, 2]}]},
            "5: has a box",
        ),
        (
            {"annotations": [{"id": 5, "image_id": 7, "category_id": 1, "segmentation": []}]},
            "5: has a box",
        ),
        ({"annotations": [{"id": 5, "image_id": 7, "category_id": 9}]}, "KeyError: 9"),
        ({"images": [{"id": 7}]}, "KeyError: 'file_name'"),
        ({"images": [{"id": 7, "file_name": "z.png", "height": 1, "width": 1}]}, "called 'z.png'"),
        ({"images": [{"id": 1}]}, "images that are not listed: [7]"),
        ({"images": [{"id": 7}, {"id": 7}]}, "two images of one id"),
        ({"categories": [{"name": "a"}]}, "expected COCO annotations"),
        ({"annotations": {}, "images": 5}, "expected COCO annotations"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    write(tmp_path, "annotations.json", annotations(**changes), "a.png")
    with pytest.raises(FrugalsegError) as error:
        read_export(tmp_path, "coco")[1]
    assert message in str(error.value)
