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
    Region,
    ellipse,
    json_format,
    named_classes,
    points,
    polygons,
    refusing_malformed,
)
from frugalseg.ingest.formats.files import Files

Corners = NDArray[np.float64]
KEYS = ("shapes", "imagePath")


def read(files: Files) -> Export:
    """Read all annotation files; images without one are unlabeled; classes are in ABC order.

    Polygons, rectangles, circles and masks are read. Raises FrugalsegError for a file that is
    malformed, an image that is missing, or a shape without an area.
    """
    annotated, labels = [], set()
    for path, content in files.json(KEYS):
        with refusing_malformed(path, "annotations of LabelMe"):
            regions = [_region(shape, path) for shape in content["shapes"]]
            size = _size(content)
            image = files.find(str(content["imagePath"]), path.parent)
        labels |= {region.label for region in regions}
        annotated.append(Annotated(image, regions, size))
    done = {one.image for one in annotated}
    annotated += [Annotated(path, None) for path in files.images if path not in done]
    return Export(named_classes(sorted(labels)), annotated)


def _size(content: dict[str, Any]) -> tuple[int, int] | None:
    """Return height and width, which files of LabelMe 3 lack."""
    height, width = content.get("imageHeight"), content.get("imageWidth")
    return None if height is None or width is None else (int(height), int(width))


def _region(shape: dict[str, Any], path: Path) -> Region:
    label, kind = str(shape["label"]), shape.get("shape_type", "polygon")
    corners = np.array(shape["points"], float).reshape(-1, 2)
    where = f"{path}: {label}"
    if kind in ("polygon", "oriented_rectangle"):
        return Region(label, polygons([points(shape["points"], where)]))
    if kind == "rectangle":
        (left, top), (right, bottom) = corners
        box = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return Region(label, polygons([points(box, where)]))
    if kind == "circle":
        center, rim = corners
        radius = float(np.hypot(*(rim - center)))
        return Region(label, ellipse((center[0], center[1]), (radius, radius), 0, where))
    if kind == "mask":
        return Region(label, partial(_mask, shape["mask"], corners, where))
    raise FrugalsegError(f"{where}: a shape of type {kind!r} covers no area. Draw a polygon.")


def _mask(text: str, corners: Corners, where: str, size: tuple[int, int]) -> Area:
    """Return a mask that is kept as a PNG of its box, whose corners both belong to it."""
    area = np.zeros(size, np.bool_)
    try:
        left, top, right, bottom = (int(value) for value in corners.ravel())
        box = area[top : bottom + 1, left : right + 1]
        with Image.open(BytesIO(b64decode(text)), formats=["PNG"]) as picture:
            if min(left, top) < 0 or (picture.height, picture.width) != box.shape:
                raise ValueError(f"{picture.height} x {picture.width} pixels")
            box[:] = np.asarray(picture.convert("L")) > 0
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise FrugalsegError(
            f"{where}: expected a mask as large as its box, inside the image ({error})."
        ) from error
    return area


FORMAT = json_format(KEYS, read)
