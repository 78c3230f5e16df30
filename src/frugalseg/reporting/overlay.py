"""Masks over images, as arrays and as PNG data URIs."""

import base64
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.segmentation import find_boundaries

from frugalseg.reporting.palette import CLEAR, FALSE, HIT, MISSED

IGNORE = 255
NOTHING, RIGHT, MISS, EXTRA = 0, 1, 2, 3
"""Values of an error map."""
OUTLINE = [CLEAR, (*MISSED, 255)]
"""Colors of a layer of outlines."""


def error_map(pred: NDArray[np.uint8], target: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Compare a prediction, or several, with the truth, pixel by pixel.

    Args:
        pred: uint8, H x W or K x H x W, class indices.
        target: uint8, H x W, class indices, 255 where there is no label.

    Returns:
        uint8, as `pred`: 0 background or not labeled, 1 right, 2 missed (also: taken for another
        class), 3 false.
    """
    errors = np.zeros(pred.shape, np.uint8)
    known = target != IGNORE
    truth = known & (target > 0)
    errors[..., truth] = MISS
    errors[truth & (pred == target)] = RIGHT
    errors[known & ~truth & (pred > 0)] = EXTRA
    return errors


def outline(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the pixels just inside the border of every region; H x W to H x W."""
    classes = np.where(mask == IGNORE, 0, mask)
    return np.asarray(find_boundaries(classes, mode="inner", background=0), dtype=np.bool_)


def to_rgb(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return uint8 H x W x 3 of an H x W x 1 or H x W x 3 image."""
    return np.broadcast_to(image, (*image.shape[:2], 3)) if image.shape[2] == 1 else image


def paint(
    image: NDArray[np.uint8], layer: NDArray[np.bool_], color: tuple[int, int, int], alpha: float
) -> NDArray[np.uint8]:
    """Blend `color` into an H x W x 3 image where `layer`, H x W, is set; alpha in [0, 1]."""
    painted = image.astype(np.float32)
    painted[layer] = (1 - alpha) * painted[layer] + alpha * np.array(color, np.float32)
    return painted.round().astype(np.uint8)


def paint_errors(image: NDArray[np.uint8], errors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image, H x W x C, with its error map painted on, as uint8 H x W x 3."""
    painted = to_rgb(image)
    for value, color in ((RIGHT, HIT), (MISS, MISSED), (EXTRA, FALSE)):
        painted = paint(painted, errors == value, color, 0.75)
    return painted


def image_bytes(image: NDArray[np.uint8]) -> bytes:
    """Return an H x W x C photo as a JPEG: a tenth of a PNG, for looking at only."""
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(to_rgb(image))).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def layer_bytes(layer: NDArray[np.uint8], colors: list[tuple[int, int, int, int]]) -> bytes:
    """Return an index layer, H x W, as a transparent palette PNG: value v is `colors[v]`, RGBA."""
    picture = Image.fromarray(layer, mode="P")
    picture.putpalette([channel for color in colors for channel in color[:3]])
    transparency = bytes(color[3] for color in colors)
    buffer = BytesIO()
    picture.save(buffer, "PNG", transparency=transparency)
    return buffer.getvalue()


def image_uri(image: NDArray[np.uint8]) -> str:
    """Return an H x W x C photo as a JPEG data URI."""
    return data_uri("image/jpeg", image_bytes(image))


def layer_uri(layer: NDArray[np.uint8], colors: list[tuple[int, int, int, int]]) -> str:
    """Return `layer_bytes` as a PNG data URI."""
    return data_uri("image/png", layer_bytes(layer, colors))


def data_uri(kind: str, content: bytes) -> str:
    """Return content of a media type as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
