"""Datumaro's own format: `annotations/<subset>.json` beside `images/` (Intel, datumaro)."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from frugalseg.ingest.formats.export import (
    Annotated,
    Area,
    Color,
    Export,
    Region,
    ellipse,
    json_format,
    named_classes,
    no_area,
    points,
    polygons,
    refusing_malformed,
    split_of,
)
from frugalseg.ingest.formats.files import Files
from frugalseg.ingest.formats.painted import read_color
from frugalseg.ingest.formats.rle import decode_rle

KEYS = ("categories", "items")
NO_REGIONS = frozenset({"label", "caption"})
"""Annotations of a whole image."""


def read(files: Files) -> Export:
    """Read polygons, ellipses and masks, by their `z_order`; an image without any holds nothing.

    The split is the word train, val or test in the name of the file. Classes are the labels used,
    in their order and colors.

    Raises:
        FrugalsegError: a file that is malformed, an image that is missing, or a shape without an
            area.
    """
    order: dict[str, None] = {}
    used: set[str] = set()
    colors: dict[str, Color] = {}
    annotated = []
    for path, content in files.json(KEYS):
        with refusing_malformed(path, "annotations of Datumaro"):
            labels = [str(label["name"]) for label in content["categories"]["label"]["labels"]]
            order |= dict.fromkeys(labels)
            colors |= _colors(content["categories"], labels)
            for item in content["items"]:
                annotated.append(_annotated(item, labels, path, files))
                used |= {region.label for region in annotated[-1].regions or ()}
    return Export(named_classes([name for name in order if name in used]), annotated, colors)


def _annotated(item: Mapping[str, Any], labels: list[str], path: Path, files: Files) -> Annotated:
    image: Mapping[str, Any] = item.get("image") or item["media"]
    shapes = [shape for shape in item["annotations"] if shape["type"] not in NO_REGIONS]
    shapes.sort(key=lambda shape: int(shape.get("z_order", 0)))
    where = f"{path}: item {str(item['id'])[:200]}"
    split = split_of(path.stem)
    size = image.get("size")
    return Annotated(
        files.find(str(image["path"]), path.parent, split),
        [_region(shape, labels, where) for shape in shapes],
        None if size is None else (int(size[0]), int(size[1])),
        split,
    )


def _region(shape: Mapping[str, Any], labels: list[str], where: str) -> Region:
    where = f"{where}: a {shape['type']}"
    number = int(shape["label_id"])
    if number < 0:
        raise IndexError(f"label {number}")
    return Region(labels[number], _area(shape, where))


def _area(shape: Mapping[str, Any], where: str) -> Callable[[tuple[int, int]], Area]:
    if shape["type"] == "polygon":
        return polygons([points(shape["points"], where)])
    if shape["type"] == "mask":
        return partial(decode_rle, dict(shape["rle"]))
    if shape["type"] == "ellipse":
        left, top, right, bottom = (float(value) for value in shape["points"])
        center = (left + right) / 2, (top + bottom) / 2
        return ellipse(center, ((right - left) / 2, (bottom - top) / 2), 0, where)
    raise no_area(where)


def _colors(categories: Mapping[str, Any], labels: list[str]) -> dict[str, Color]:
    found = categories.get("mask", {}).get("colormap", [])
    return {
        labels[int(one["label_id"])]: read_color(one["r"], one["g"], one["b"])
        for one in found
        if 0 <= int(one["label_id"]) < len(labels)
    }


FORMAT = json_format(KEYS, read)
