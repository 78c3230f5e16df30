"""A small export of every format, and what a hostile hand makes of it."""

import io
import json
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

Export = dict[str, bytes]
"""Path in the export -> content."""
HEIGHT, WIDTH = 6, 8
POLYGON = [1, 1, 4, 1, 4, 3, 1, 3]
HOSTILE: list[Any] = [
    *(None, True, -1, 0, 3, 0.5, 1e308, float("nan"), float("inf"), 2**70, [], {}, [[]], [{}]),
    *("", " ", "x", "-1", "1e999", "nan", "\0", "\ud800", "a" * 5000, "../../../../etc/passwd"),
    *("/etc/hostname.png", "..\\..\\a.png", "a.png/..", [0] * 7, ["a", "b"], [[1, 2]], 10**6),
]
TOKEN = re.compile(rb'(?<==")[^"]*(?=")|(?<=[\s,:;])[\w.#-]+(?=[\s,:;])')
"""A value in XML, or a word in a text file."""


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


CVAT = b"""<?xml version="1.0" encoding="utf-8"?>
<annotations><meta><task><labels><label><name>pit</name><color>#0c81b5</color></label></labels>
</task></meta><image id="0" name="a.png" subset="train" width="8" height="6">
<polygon label="pit" points="1,1;4,1;4,3;1,3" z_order="1"/>
<ellipse label="pit" cx="4" cy="3" rx="1" ry="3" rotation="90"/>
<mask label="pit" rle="1, 2, 1, 2" left="2" top="1" width="3" height="2" z_order="2"/>
</image></annotations>"""
IMAGE = png(np.zeros((HEIGHT, WIDTH), np.uint8))


def make_exports() -> dict[str, Export]:
    """Return for each format a sound export of one image with one region."""
    return _shapes() | _pictures()


def _shapes() -> dict[str, Export]:
    coco = {
        "images": [{"id": 7, "file_name": "a.png", "height": HEIGHT, "width": WIDTH}],
        "categories": [{"id": 3, "name": "pit"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "segmentation": [POLYGON], "iscrowd": 0},
            {
                "id": 2,
                "image_id": 7,
                "category_id": 3,
                "segmentation": {"size": [6, 8], "counts": [0, 6, 42]},
            },
        ],
    }
    shape = {"label": "pit", "shape_type": "polygon", "points": [[1, 1], [4, 1], [4, 3]]}
    circle = {"label": "pit", "shape_type": "circle", "points": [[4, 3], [4, 5]]}
    labelme = {"shapes": [shape, circle], "imagePath": "a.png", "imageHeight": 6, "imageWidth": 8}
    datumaro = {
        "categories": {
            "label": {"labels": [{"name": "pit"}]},
            "mask": {"colormap": [{"label_id": 0, "r": 1, "g": 2, "b": 3}]},
        },
        "items": [
            {
                "id": "a",
                "image": {"path": "a.png", "size": [6, 8]},
                "annotations": [
                    {"type": "polygon", "label_id": 0, "points": POLYGON, "z_order": 0},
                    {"type": "ellipse", "label_id": 0, "points": [1, 2, 7, 4], "z_order": 1},
                    {"type": "mask", "label_id": 0, "rle": {"counts": "06Z1", "size": [6, 8]}},
                ],
            }
        ],
    }
    return {
        "coco": {"a.png": IMAGE, "train.json": json.dumps(coco).encode()},
        "labelme": {"a.png": IMAGE, "a.json": json.dumps(labelme).encode()},
        "datumaro": {"a.png": IMAGE, "train.json": json.dumps(datumaro).encode()},
        "cvat": {"a.png": IMAGE, "annotations.xml": CVAT},
        "yolo": {
            "images/a.png": IMAGE,
            "labels/a.txt": b"0 0.125 0.25 0.5 0.25 0.5 0.75\n",
            "data.yaml": b"train: IMAGEs\nnames: [pit, crack]\n",
        },
    }


def _pictures() -> dict[str, Export]:
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)
    ids[1:3, 1:4] = 7
    colors = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    colors[1:3, 1:4] = 128, 0, 0
    return {
        "voc": {
            "JPEGImages/a.png": IMAGE,
            "SegmentationClass/a.png": png(colors),
            "labelmap.txt": b"# label:color_rgb:parts:actions\npit:128,0,0::\n",
            "ImageSets/Segmentation/train.txt": b"a\n",
        },
        "camvid": {
            "train/a.png": IMAGE,
            "trainannot/a.png": png(colors),
            "label_colors.txt": b"0 0 0 Void\n128 0 0 pit\n",
        },
        "cityscapes": {
            "leftImg8bit/train/x/a_leftImg8bit.png": IMAGE,
            "gtFine/train/x/a_gtFine_labelIds.png": png(ids),
        },
    }


def spoil(export: Mapping[str, bytes], rng: np.random.Generator) -> Export:
    """Return an export with one file cut, removed, changed in a byte, or of hostile values."""
    spoiled = dict(export)
    name = sorted(export)[rng.integers(len(export))]
    data = export[name]
    way = rng.integers(5)
    if way == 0:
        spoiled[name] = data[: rng.integers(len(data))]
    elif way == 1:
        del spoiled[name]
    elif way == 2:
        place = rng.integers(len(data))
        spoiled[name] = data[:place] + bytes([rng.integers(256)]) + data[place + 1 :]
    elif name.endswith(".png"):
        spoiled[name] = _huge(data)
    elif name.endswith(".json"):
        spoiled[name] = json.dumps(_replaced(json.loads(data), rng)).encode()
    else:
        spans = [match.span() for match in TOKEN.finditer(data)] or [(0, len(data))]
        start, end = spans[rng.integers(len(spans))]
        value = str(_hostile(rng)).encode("utf-8", "surrogatepass")
        spoiled[name] = data[:start] + value + data[end:]
    return spoiled


def _hostile(rng: np.random.Generator) -> Any:
    return HOSTILE[rng.integers(len(HOSTILE))]


def _replaced(value: Any, rng: np.random.Generator) -> Any:
    """Return JSON with one of its values, at any depth, replaced."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.1:
        return _hostile(rng)
    if isinstance(value, dict):
        key = list(value)[rng.integers(len(value))]
        return value | {key: _replaced(value[key], rng)}
    place = int(rng.integers(len(value)))
    return [*value[:place], _replaced(value[place], rng), *value[place + 1 :]]


def _huge(data: bytes) -> bytes:
    """Return a PNG whose header says a billion times as many pixels."""
    header = data[12:16] + struct.pack(">II", 1 << 20, 1 << 20) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
