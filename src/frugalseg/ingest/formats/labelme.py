"""LabelMe: a JSON file beside each image (Wada, labelme)."""

from base64 import b64decode
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Annotated,
    Area,
    Export,
    Format,
    Images,
    Region,
    json_files,
    named_classes,
    points,
    polygons,
    refusing_malformed,
)

Corners = NDArray[np.float64]
KEYS = ("shapes", "imagePath")


def recognize(root: Path) -> list[Path]:
    """Return the annotation files below `root`."""
    return [path for path, _ in json_files(root, KEYS)]


def read(root: Path) -> Export:
    """Read all annotation files; images without one are unlabeled; classes are in ABC order.

    Polygons, rectangles, circles and masks are read. Raises FrugalsegError for a file that is
    malformed, an image that is missing, or a shape without an area.
    """
    images = Images(root)
    annotated, labels = [], set()
    for path, content in json_files(root, KEYS):
        with refusing_malformed(path, "annotations of LabelMe"):
            regions = [_region(shape, path) for shape in content["shapes"]]
            size = int(content["imageHeight"]), int(content["imageWidth"])
            image = images.find(str(content["imagePath"]), path.parent)
        labels |= {region.label for region in regions}
        annotated.append(Annotated(image, regions, size))
    done = {one.image for one in annotated}
    annotated += [Annotated(path, None) for path in images.paths if path not in done]
    return Export(named_classes(sorted(labels)), annotated)


def _region(shape: dict[str, Any], path: Path) -> Region:
    label, kind = str(shape["label"]), shape.get("shape_type", "polygon")
    corners = np.array(shape["points"], float).reshape(-1, 2)
    where = f"{path}: {label}"
    if kind in ("polygon", "oriented_rectangle"):
        return Region(label, polygons([points(shape["points"], where)]))
    if kind == "rectangle":
        (left, top), (right, bottom) = corners
        box = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return Region(label, polygons([np.array(box)]))
    if kind == "circle":
        return Region(label, partial(_circle, corners))
    if kind == "mask":
        return Region(label, partial(_mask, shape["mask"], corners, where))
    raise FrugalsegError(f"{where}: a shape of type {kind!r} covers no area. Draw a polygon.")


def _circle(corners: Corners, size: tuple[int, int]) -> Area:
    (x, y), rim = corners
    rows, columns = np.ogrid[: size[0], : size[1]]
    inside: Area = (columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2 <= np.sum((rim - (x, y)) ** 2)
    return inside


def _mask(text: str, corners: Corners, where: str, size: tuple[int, int]) -> Area:
    """Return a mask that is kept as a PNG of its box, whose corners both belong to it."""
    (left, top), (right, bottom) = corners.astype(int)
    box = bottom - top + 1, right - left + 1
    area = np.zeros(size, np.bool_)
    try:
        with Image.open(BytesIO(b64decode(text)), formats=["PNG"]) as picture:
            if (picture.height, picture.width) != box:
                raise ValueError(f"{picture.height} x {picture.width} pixels")
            area[top : bottom + 1, left : right + 1] = np.asarray(picture.convert("L")) > 0
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise FrugalsegError(
            f"{where}: expected a mask of {box[0]} x {box[1]} pixels inside the image ({error})."
        ) from error
    return area


FORMAT = Format(recognize, read)
