"""Masks over images, as arrays and as PNG data URIs."""

import base64
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.segmentation import find_boundaries

from frugalseg.core.constants import IGNORE
from frugalseg.reporting.palette import CLEAR, FALSE, HIT, MISSED

KINDS = RIGHT, MISS, EXTRA = 1, 2, 3
"""Values of an error map, beside 0."""
OUTLINE = [CLEAR, (*MISSED, 255)]
"""Colors of a layer of outlines."""

Pixels = NDArray[np.uint8]


def error_map(pred: Pixels, target: Pixels) -> Pixels:
    """Compare one prediction or several with the truth, pixel by pixel.

    Args:
        pred: uint8, H x W or K x H x W, class indices.
        target: uint8, H x W, class indices, 255 where there is no label.

    Returns:
        uint8, as `pred`: 0 background or unlabeled, 1 right, 2 missed or another class, 3 false.
    """
    errors = np.zeros(pred.shape, np.uint8)
    labeled = target != IGNORE
    truth = labeled & (target > 0)
    errors[..., truth] = MISS
    errors[truth & (pred == target)] = RIGHT
    errors[labeled & ~truth & (pred > 0)] = EXTRA
    return errors


def outline(mask: Pixels) -> NDArray[np.bool_]:
    """Return the pixels just inside the border of every region; H x W to H x W."""
    classes = np.where(mask == IGNORE, 0, mask)
    return np.asarray(find_boundaries(classes, mode="inner", background=0), dtype=np.bool_)


def to_rgb(image: Pixels) -> Pixels:
    """Return uint8 H x W x 3 of an H x W x 1 or H x W x 3 image."""
    return np.broadcast_to(image, (*image.shape[:2], 3)) if image.shape[2] == 1 else image


def paint(
    image: Pixels, layer: NDArray[np.bool_], color: tuple[int, int, int], alpha: float
) -> Pixels:
    """Blend `color` into an H x W x 3 image where `layer`, H x W, is set; alpha in [0, 1]."""
    painted = image.astype(np.float32)
    painted[layer] = (1 - alpha) * painted[layer] + alpha * np.array(color, np.float32)
    return painted.round().astype(np.uint8)


def paint_errors(image: Pixels, errors: Pixels) -> Pixels:
    """Return the image, H x W x C, with its error map painted on, as uint8 H x W x 3."""
    painted = to_rgb(image)
    for value, color in ((RIGHT, HIT), (MISS, MISSED), (EXTRA, FALSE)):
        painted = paint(painted, errors == value, color, 0.75)
    return painted


def image_bytes(image: Pixels) -> bytes:
    """Return an H x W x C photo as a JPEG, a tenth of the size of a PNG."""
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(to_rgb(image))).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def image_uri(image: Pixels) -> str:
    """Return an H x W x C photo as a JPEG data URI."""
    return f"data:image/jpeg;base64,{to_base64(image_bytes(image))}"


def layer_uri(layer: Pixels, colors: list[tuple[int, int, int, int]]) -> str:
    """Return an index layer, H x W, as a PNG data URI: value v is `colors[v]`, RGBA."""
    picture = Image.fromarray(layer, mode="P")
    picture.putpalette([channel for color in colors for channel in color[:3]])
    buffer = BytesIO()
    picture.save(buffer, "PNG", transparency=bytes(color[3] for color in colors))
    return f"data:image/png;base64,{to_base64(buffer.getvalue())}"


def to_base64(content: bytes) -> str:
    """Return content in base64, as text."""
    return base64.b64encode(content).decode("ascii")
