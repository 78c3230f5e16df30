"""Datumaro's own format: shapes, their order, labels, colors, and what is not taken for a mask."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

# as in tests/assets/datumaro_dataset of openvinotoolkit/datumaro (MIT license)
CATEGORIES = {
    "label": {"labels": [{"name": f"cat{n}", "parent": "", "attributes": []} for n in range(5)]},
    "mask": {"colormap": [{"label_id": 3, "r": 128, "g": 128, "b": 0}]},
}
SQUARE = {"type": "polygon", "label_id": 4, "points": [1.0, 1, 4, 1, 4, 3, 1, 3], "z_order": 0}
MASK = {"type": "mask", "label_id": 3, "rle": {"counts": "06Z1", "size": [6, 8]}, "z_order": 1}
"""0 pixels without, 6 with (column 0), 42 without: 10 and a bit for more (Z), then 32 (1)."""
CAPTIONS = [{"type": "caption", "caption": "hello"}, {"type": "label", "label_id": 2}]


def write(root: Path, *shapes: dict[str, Any], file: str = "train") -> None:
    (root / "images").mkdir(exist_ok=True)
    Image.fromarray(np.zeros((6, 8), np.uint8)).save(root / "images/a.png")
    image = {"path": "/mnt/set/images/a.png", "size": [6, 8]}
    item = {"id": "a", "annotations": [*CAPTIONS, *shapes], "image": image}
    (root / "annotations").mkdir(exist_ok=True)
    content = {"info": {}, "categories": CATEGORIES, "items": [item]}
    (root / f"annotations/{file}.json").write_text(json.dumps(content))


def read_mask(root: Path) -> np.ndarray:
    export = read_export(root)[1]
    return paint(export.images[0], export.classes)


def test_shapes_become_a_mask(tmp_path: Path) -> None:
    write(tmp_path, MASK, SQUARE)
    name, export = read_export(tmp_path)
    assert (name, export.classes) == ("datumaro", ("cat3", "cat4"))
    assert export.colors == {"cat3": (128, 128, 0)}
    assert export.images[0].split == "train"
    expected = np.zeros((6, 8), np.uint8)
    expected[:, 0] = 1
    expected[1:3, 1:4] = 2
    assert np.array_equal(read_mask(tmp_path), expected)


def test_an_ellipse_in_its_box_lies_above(tmp_path: Path) -> None:
    write(tmp_path, {"type": "ellipse", "label_id": 0, "points": [1, 2, 7, 4], "z_order": 2}, MASK)
    expected = np.zeros((6, 8), np.uint8)
    expected[:, 0] = 2
    expected[2:4, 1:7] = 1
    assert np.array_equal(read_mask(tmp_path), expected)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"type": "bbox", "label_id": 4, "bbox": [1, 2, 3, 4]}, "item a: a bbox has no outline"),
        ({"type": "points", "label_id": 0, "points": [1, 2]}, "a points has no outline"),
        (SQUARE | {"label_id": 5}, "IndexError"),
        (SQUARE | {"label_id": -1}, "IndexError"),
        (SQUARE | {"label_id": None}, "TypeError"),
        (SQUARE | {"points": {"x": 1}}, "expected corners"),
        (SQUARE | {"z_order": float("inf")}, "OverflowError"),
        (MASK | {"rle": 5}, "expected annotations of Datumaro"),
        ({"label_id": 4}, "KeyError: 'type'"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, shape: dict[str, Any], message: str) -> None:
    write(tmp_path, shape)
    with pytest.raises(FrugalsegError) as error:
        read_mask(tmp_path)
    assert message in str(error.value)
    assert str(tmp_path / "annotations/train.json") in str(error.value)
