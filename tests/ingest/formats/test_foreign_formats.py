"""Exports that other tools wrote, copied from their own tests and examples, read as they mean them.

Of openvinotoolkit/datumaro (MIT license), tests/assets: cvat_dataset/for_images/export_project,
coco_dataset/coco_instances, coco_dataset/coco_panoptic, datumaro_dataset/diverse, camvid_dataset.
Of wkentaro/labelme (GPL-3.0; only the coordinates of a car are quoted), examples/
instance_segmentation: data_annotated/2011_000025.json and what labelme2coco.py made of it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <project>
      <id>3</id>
      <tasks><task><id>39</id><subset>Test</subset><mode>annotation</mode></task></tasks>
      <subsets>Train
Test
Validation</subsets>
      <labels>
        <label>
          <name>label1</name>
          <attributes>
            <attribute><name>a1</name><input_type>checkbox</input_type></attribute>
          </attributes>
        </label>
        <label>
          <name>label2</name>
        </label>
      </labels>
    </project>
    <dumped>2023-01-17 01:38:22.055780+00:00</dumped>
  </meta>
  <image height="10" id="1" name="img1.jpg" subset="Test" task_id="39" width="10">
    <polygon label="label1" points="1,2;3,4;6,5" z_order="1"/>{}
  </image>
  <image height="10" id="1" name="img1.jpg" subset="Train" task_id="39" width="10">
    <polygon label="label1" points="1,2;3,4;6,5" z_order="1"/>
  </image>
</annotations>
"""
POINTS = '<points label="label2" points="1,2;3,4;5,6" z_order="2"/>'


def draw(path: Path, height: int, width: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((height, width), np.uint8)).save(path)


def mask_of(root: Path) -> np.ndarray:
    export = read_export(root)[1]
    return paint(export.images[0], export.classes)


def test_a_project_of_cvat(tmp_path: Path) -> None:
    for subset in ("Test", "Train"):
        draw(tmp_path / f"images/{subset}/img1.jpg", 10, 10)
    (tmp_path / "annotations.xml").write_text(CVAT.format(""))
    name, export = read_export(tmp_path)
    assert (name, export.classes) == ("cvat", ("label1",))
    assert [(one.image.parent.name, one.split) for one in export.images] == [
        ("Test", "test"),
        ("Train", "train"),
    ]
    # the triangle 1,2 3,4 6,5 by its three lines, at the centers of pixels
    y, x = np.mgrid[:10, :10] + 0.5
    triangle = (y - 2 <= x - 1) & (y - 2 >= 0.6 * (x - 1)) & (3 * (y - 4) <= x - 3)
    assert triangle.any()
    assert np.array_equal(paint(export.images[0], export.classes) == 1, triangle)
    (tmp_path / "annotations.xml").write_text(CVAT.format(POINTS))
    with pytest.raises(FrugalsegError, match=r"img1\.jpg: a points of label2 has no outline"):
        read_export(tmp_path)


COCO_POLYGON: dict[str, Any] = {
    "id": 1,
    "image_id": 40,
    "category_id": 1,
    "segmentation": [[0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 0.0, 2.0]],
    "area": 2.0,
    "bbox": [0.0, 0.0, 1.0, 2.0],
    "iscrowd": 0,
}
COCO_CROWD: dict[str, Any] = {
    "id": 2,
    "image_id": 40,
    "category_id": 2,
    "segmentation": {"counts": [0, 20, 30], "size": [10, 5]},
    "area": 20.0,
    "bbox": [0.0, 0.0, 1.0, 9.0],
    "iscrowd": 1,
}


@pytest.mark.parametrize("annotation", [COCO_POLYGON, COCO_CROWD])
def test_instances_of_coco_have_the_area_that_they_state(
    tmp_path: Path, annotation: dict[str, Any]
) -> None:
    draw(tmp_path / "images/val/b.jpg", 10, 5)
    content = {
        "licenses": [{"name": "", "id": 0, "url": ""}],
        "info": {"contributor": "", "date_created": ""},
        "categories": [{"id": n, "name": "abc"[n - 1], "supercategory": ""} for n in (1, 2, 3)],
        "images": [{"id": 40, "width": 5, "height": 10, "file_name": "b.jpg", "license": 0}],
        "annotations": [annotation],
    }
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations/instances_val.json").write_text(json.dumps(content))
    export = read_export(tmp_path)[1]
    assert export.classes == ("abc"[annotation["category_id"] - 1],)
    assert export.images[0].split == "val"
    assert paint(export.images[0], export.classes).sum() == annotation["area"]


def test_panoptic_coco(tmp_path: Path) -> None:
    """Segments are colors of a picture: red + 256 green + 65536 blue is their id."""
    draw(tmp_path / "images/val/000000000001.jpg", 1, 5)
    (tmp_path / "annotations/panoptic_val").mkdir(parents=True)
    ids = np.array([[0, 20, 7, 7, 20]], np.uint8)
    color = np.stack([ids, ids * 0, ids * 0], axis=2)
    Image.fromarray(color).save(tmp_path / "annotations/panoptic_val/000000000001.png")
    segments = [
        {"id": 7, "category_id": 4, "area": 2.0, "bbox": [2.0, 0.0, 1.0, 0.0], "iscrowd": 0},
        {"id": 20, "category_id": 2, "area": 2.0, "bbox": [1.0, 0.0, 3.0, 0.0], "iscrowd": 1},
    ]
    content = {
        "categories": [{"id": n, "name": "abcd"[n - 1], "isthing": 1} for n in (1, 2, 3, 4)],
        "images": [{"id": 40, "width": 5, "height": 1, "file_name": "000000000001.jpg"}],
        "annotations": [
            {"image_id": 40, "file_name": "000000000001.png", "segments_info": segments}
        ],
    }
    (tmp_path / "annotations/panoptic_val.json").write_text(json.dumps(content))
    with pytest.raises(FrugalsegError, match="panoptic"):
        read_export(tmp_path)


def test_masks_of_datumaro(tmp_path: Path) -> None:
    """`06` is six pixels with nothing before them: all of 2 x 3."""
    draw(tmp_path / "images/train/100.jpg", 2, 3)
    shape = {"id": 5, "type": "mask", "attributes": {"x": 1, "y": "2"}, "group": 0, "label_id": 3}
    shape |= {"rle": {"counts": "06", "size": [2, 3]}, "z_order": 2}
    caption = {"id": 1, "type": "caption", "attributes": {}, "group": 0, "caption": "hello"}
    labels = [{"name": f"cat{n}", "parent": "", "attributes": ["x", "y"]} for n in range(5)]
    item = {"id": "100", "annotations": [caption, shape], "image": {"path": "100.jpg"}}
    content = {"info": {}, "categories": {"label": {"labels": labels}}, "items": [item]}
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations/train.json").write_text(json.dumps(content))
    assert read_export(tmp_path)[1].classes == ("cat3",)
    assert (mask_of(tmp_path) == 1).all()


def test_camvid_of_datumaro(tmp_path: Path) -> None:
    draw(tmp_path / "train/0001TP_006690.png", 1, 2)
    (tmp_path / "trainannot").mkdir()
    mask = np.array([[(0, 0, 0), (192, 128, 128)]], np.uint8)
    Image.fromarray(mask).save(tmp_path / "trainannot/0001TP_006690.png")
    (tmp_path / "train.txt").write_text("/train/0001TP_006690.png /trainannot/0001TP_006690.png")
    (tmp_path / "label_colors.txt").write_text("192 128 128 SignSymbol\n0 0 0 Void\n")
    assert mask_of(tmp_path).tolist() == [[255, 1]]


CAR = [
    [413.936170212766, 168.56382978723406],
    [497.936170212766, 168.56382978723406],
    [497.936170212766, 256.56382978723406],
    [431.936170212766, 258.56382978723406],
    [430.936170212766, 236.56382978723406],
    [408.936170212766, 218.56382978723406],
]
AREA = 7256.0
"""Pixels of the car as labelme draws it, with its border, which is 330 pixels long."""


def test_labelme_and_what_it_exports_agree(tmp_path: Path) -> None:
    own, coco = tmp_path / "labelme", tmp_path / "coco"
    draw(own / "2011_000025.jpg", 375, 500)
    shape: dict[str, Any] = {"fill_color": None, "line_color": None, "label": "car", "points": CAR}
    content: dict[str, Any] = {"imageData": None, "shapes": [shape], "imagePath": "2011_000025.jpg"}
    (own / "2011_000025.json").write_text(json.dumps(content))

    draw(coco / "JPEGImages/2011_000025.jpg", 375, 500)
    image: dict[str, Any] = {
        "file_name": "JPEGImages/2011_000025.jpg",
        "height": 375,
        "width": 500,
        "id": 1,
    }
    annotation: dict[str, Any] = {
        "id": 5,
        "image_id": 1,
        "category_id": 7,
        "area": AREA,
        "iscrowd": 0,
    }
    annotation["segmentation"] = [[value for point in CAR for value in point]]
    categories = [
        {"supercategory": None, "id": 0, "name": "_background_"},
        {"id": 7, "name": "car"},
    ]
    content = {"images": [image], "annotations": [annotation], "categories": categories}
    (coco / "annotations.json").write_text(json.dumps(content))

    mask = mask_of(own)
    assert np.array_equal(mask, mask_of(coco))
    assert AREA - 330 <= mask.sum() <= AREA
