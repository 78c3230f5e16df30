"""What a region that was drawn in Label Studio covers.

Format: the tags Brush, Bitmask, Polygon, Ellipse, Rectangle and KeyPoint of its guide. Lengths are
percent of the image's width or height. `rotation` is in degrees, clockwise on the screen, around
the upper left corner of a rectangle and the center of an ellipse. `image_rotation` only tells how
the image was shown: coordinates are those of the image as it is stored.
"""

from base64 import b64decode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.draw import polygon2mask

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS
from frugalseg.suggest.brush import decode_mask

Area = NDArray[np.bool_]
SHAPES = ("brush", "bitmask", "polygon", "ellipse", "rectangle")
"""Types of regions; with `labels` behind them if the region says its label itself."""


def region_size(result: Mapping[str, Any]) -> tuple[int, int]:
    """Return height and width of the image that a region is drawn on."""
    height, width = int(result["original_height"]), int(result["original_width"])
    if not 0 < height * width <= MAX_PIXELS:
        raise FrugalsegError(
            f"expected a picture of 1 to {MAX_PIXELS} pixels, found {height} x {width}."
        )
    return height, width


def region_area(value: Mapping[str, Any], size: tuple[int, int]) -> Area:
    """Return what a region covers, H x W: the pixels whose centers lie in it.

    Raises:
        FrugalsegError: it is of no shape that covers an area, or cannot be read.
    """
    if "rle" in value:
        return decode_mask(value["rle"], size)
    if "imageDataURL" in value:
        return _bitmask(str(value["imageDataURL"]), size)
    if "points" in value:
        return _polygon(np.array(value["points"], float)[:, ::-1] / 100 * size, size)
    if {"x", "y", "radiusX", "radiusY"} <= set(value):
        return _ellipse(value, size)
    if {"x", "y", "width", "height"} <= set(value):
        return _rectangle(value, size)
    raise FrugalsegError(
        f"a region of {', '.join(sorted(value))} covers no area. Draw with "
        f"{', '.join(SHAPES[:-1])} or {SHAPES[-1]}."
    )


def point_area(value: Mapping[str, Any], size: tuple[int, int]) -> Area:
    """Return the one pixel, H x W, that a key point lies in."""
    area = np.zeros(size, np.bool_)
    y, x = (value[key] / 100 * side for key, side in zip("yx", size, strict=True))
    area[min(max(int(y), 0), size[0] - 1), min(max(int(x), 0), size[1] - 1)] = True
    return area


def _polygon(corners: NDArray[np.float64], size: tuple[int, int]) -> Area:
    # corners lie between pixels, whose centers are what polygon2mask asks about
    inside: Area = polygon2mask(size, corners - 0.5)
    return inside


def _rectangle(value: Mapping[str, Any], size: tuple[int, int]) -> Area:
    keys = ("y", "x", "height", "width")
    y, x, height, width = (
        value[key] / 100 * side for key, side in zip(keys, size * 2, strict=True)
    )
    if value.get("rotation", 0) % 360 == 0:
        area = np.zeros(size, np.bool_)
        top, left = round(y), round(x)
        area[max(0, top) : top + round(height), max(0, left) : left + round(width)] = True
        return area
    down, right = _axes(value)
    corners = [(0, 0), (0, width), (height, width), (height, 0)]
    return _polygon(np.array([(y, x) + h * down + w * right for h, w in corners]), size)


def _ellipse(value: Mapping[str, Any], size: tuple[int, int]) -> Area:
    center = value["y"] / 100 * size[0], value["x"] / 100 * size[1]
    radii = value["radiusY"] / 100 * size[0], value["radiusX"] / 100 * size[1]
    rows, columns = np.ogrid[: size[0], : size[1]]
    y, x = rows + 0.5 - center[0], columns + 0.5 - center[1]
    along = [y * axis[0] + x * axis[1] for axis in _axes(value)]
    # an ellipse without extent covers nothing
    within: Area = sum((a / max(r, 1e-9)) ** 2 for a, r in zip(along, radii, strict=True)) <= 1
    return within


def _axes(value: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return where a shape's own y and x point to, as (y, x) in the image."""
    angle = np.deg2rad(value.get("rotation", 0))
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _bitmask(address: str, size: tuple[int, int]) -> Area:
    """Return the opaque pixels of a picture that is written into its address."""
    try:
        data = b64decode(address.partition("base64,")[2], validate=True)
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            if (picture.height, picture.width) != size:
                raise ValueError(f"{picture.height} x {picture.width} pixels")
            return np.asarray(picture.convert("RGBA").getchannel("A")) > 0
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise FrugalsegError(
            f"a bitmask cannot be read as a PNG of {size[0]} x {size[1]} pixels ({error}). Export "
            "it from Label Studio again, as JSON."
        ) from error
