"""CVAT for images 1.1: one XML file with the shapes of all images (docs.cvat.ai, XML format)."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Annotated,
    Area,
    Color,
    Export,
    Format,
    Region,
    ellipse,
    named_classes,
    no_area,
    points,
    polygons,
    refusing_malformed,
    split_of,
)
from frugalseg.ingest.formats.files import Files, read_xml
from frugalseg.ingest.formats.rle import decode_rle

ROOT = "annotations"
TAG = "tag"
"""A label of the whole image, which is no region."""


def recognize(files: Files) -> bool:
    """Say whether there is a file of CVAT."""
    return bool(files.xml(ROOT))


def read(files: Files) -> Export:
    """Read polygons, ellipses and masks, by their `z_order`; an image without any holds nothing.

    The split is the word train, val or test in an image's subset, or in the name of the file or of
    its folder. Classes are the labels used, in the order and colors of the project.

    Raises:
        FrugalsegError: a file that is malformed or of a video, an image that is missing, or a shape
            without an area.
    """
    colors: dict[str, Color | None] = {}
    annotated = []
    for path in files.xml(ROOT):
        root = read_xml(path)
        if root.find("track") is not None:
            raise FrugalsegError(f"{path}: tracks of a video. Export 'CVAT for images 1.1'.")
        with refusing_malformed(path, "annotations of CVAT"):
            for label in root.findall("meta//label"):
                colors.setdefault(label.findtext("name", ""), _color(label.findtext("color")))
            folder_split = split_of(*path.relative_to(files.root).with_suffix("").parts[-2:])
            for image in root.findall("image"):
                annotated.append(_annotated(image, path, files, folder_split))
    used = [region.label for one in annotated for region in one.regions or ()]
    known = [name for name in colors if name in set(used)]
    painted = {name: color for name, color in colors.items() if color is not None}
    return Export(named_classes([*known, *used]), annotated, painted)


def _annotated(image: Element, path: Path, files: Files, split: str | None) -> Annotated:
    name = image.attrib["name"]
    split = split_of(image.get("subset", "")) or split
    shapes = [shape for shape in image if shape.tag != TAG]
    shapes.sort(key=lambda shape: int(shape.get("z_order", 0)))
    where = f"{path}: {name[:200]}"
    return Annotated(
        files.find(name, path.parent, split),
        [Region(_label(shape, where), _area(shape, where)) for shape in shapes],
        (int(image.attrib["height"]), int(image.attrib["width"])),
        split,
    )


def _label(shape: Element, where: str) -> str:
    label = shape.get("label")
    if not label:
        raise FrugalsegError(f"{where}: a {shape.tag} without a label. Give it one, or delete it.")
    return label


def _area(shape: Element, where: str) -> Callable[[tuple[int, int]], Area]:
    def number(name: str, default: float | None = None) -> float:
        return float(shape.attrib[name] if default is None else shape.get(name, default))

    where = f"{where}: a {shape.tag} of {shape.get('label')}"
    if shape.tag == "polygon":
        pairs = [pair.split(",") for pair in shape.attrib["points"].split(";")]
        return polygons([points(pairs, where)])
    if shape.tag == "ellipse":
        center, radii = (number("cx"), number("cy")), (number("rx"), number("ry"))
        return ellipse(center, radii, number("rotation", 0), where)
    if shape.tag == "mask":
        left, top, width, height = (
            int(shape.attrib[name]) for name in ("left", "top", "width", "height")
        )
        runs = [int(run) for run in shape.attrib["rle"].split(",")]
        return partial(_mask, runs, (top, left), (height, width), where)
    raise no_area(where)


def _mask(
    runs: list[int],
    corner: tuple[int, int],
    box: tuple[int, int],
    where: str,
    size: tuple[int, int],
) -> Area:
    """Return a mask that is kept as lengths of runs in its box, row by row, the first of 0.

    Args:
        corner: row and column of the box. box: its height and width.
    """
    (top, left), (height, width) = corner, box
    if min(left, top) < 0 or top + height > size[0] or left + width > size[1]:
        raise FrugalsegError(
            f"{where}: its box of {height} x {width} pixels at {top}, {left} leaves the image."
        )
    area = np.zeros(size, np.bool_)
    try:  # COCO's runs go down the columns
        inside = decode_rle({"counts": runs, "size": [width, height]}, (width, height)).T
    except FrugalsegError as error:
        raise FrugalsegError(f"{where}: {error}") from error
    area[top : top + height, left : left + width] = inside
    return area


def _color(text: str | None) -> Color | None:
    """Return the color `#rrggbb`; None for none."""
    digits = bytes.fromhex((text or "").removeprefix("#"))
    return (digits[0], digits[1], digits[2]) if len(digits) == 3 else None


FORMAT = Format(recognize, read)
