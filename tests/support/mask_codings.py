"""Ways in which people code a binary mask in a file: a suffix, and what writes the file."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[Any]
Encode = Callable[[Pixels, int], bytes]
Coding = tuple[str, Encode]
SIDE = 32


def shape(number: int) -> Pixels:
    """Return where the defect of image `number` is: a rectangle of its own, bool, H x W."""
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[4 + number : 12 + number, 6 : 20 + number] = True
    return mask


def png(values: Pixels, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, kind, **options)
    return buffer.getvalue()


def npy(values: Pixels) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def tif(values: Pixels, **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def palette(indices: Pixels, *colors: int) -> bytes:
    picture = Image.fromarray(indices.astype(np.uint8), "P")
    picture.putpalette(colors)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def softened(mask: Pixels) -> Pixels:
    """Return an anti-aliased mask: drawn at four times the size, at an odd place."""
    large = np.roll(np.kron(mask, np.ones((7, 7))), (3, 2), (0, 1)) * 255
    picture = Image.fromarray(large.astype(np.uint8))
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def times(value: float, dtype: type = np.uint8) -> Encode:
    return lambda mask, _: png((mask * dtype(value)).astype(dtype))


def array_of(value: float, dtype: type) -> Encode:
    return lambda mask, _: npy((mask * dtype(value)).astype(dtype))


def miniswhite(value: int, dtype: type) -> Encode:
    return lambda mask, _: tif((mask * dtype(value)).astype(dtype), photometric="miniswhite")


def rgb16(value: int) -> Encode:
    return lambda mask, _: tif(np.dstack([mask * np.uint16(value)] * 3), photometric="rgb")


def in_alpha(color: int) -> Encode:
    def encode(mask: Pixels, _: int) -> bytes:
        colors = np.full((*mask.shape, 3), color, np.uint8)
        return png(np.dstack([colors, mask * np.uint8(255)]))

    return encode


def red(mask: Pixels, _: int) -> bytes:
    return png(np.dstack([mask * np.uint8(200), mask * np.uint8(0), mask * np.uint8(0)]))


def gray_with_alpha(mask: Pixels, _: int) -> bytes:
    return png(np.dstack([mask * np.uint8(255), np.full(mask.shape, 255, np.uint8)]))


def edges(mask: Pixels, _: int) -> bytes:
    return png(softened(mask))


def faint_edges(mask: Pixels, _: int) -> bytes:
    return png(softened(mask) // 3)


def edges_of_12_bits(mask: Pixels, _: int) -> bytes:
    return tif(softened(mask).astype(np.uint16) * 16)


def inverted(mask: Pixels, _: int) -> bytes:
    return png(~mask * np.uint8(255))


def with_void(mask: Pixels, _: int) -> bytes:
    """Return 0 and 1, and 255 outside a region."""
    values = mask.astype(np.uint8)
    values[:, 26:] = 255
    return png(values)


def numbered(_: Pixels, number: int) -> bytes:
    """Return part of a picture of 100 objects, numbered from 1, of 6 x 6 pixels each."""
    values = np.kron(np.arange(1, 101).reshape(10, 10), np.pad(np.ones((6, 6)), (0, 3)))
    start = 4 * number
    return png(values[start : start + SIDE, start : start + SIDE].astype(np.uint8))


def trimap(mask: Pixels, _: int) -> bytes:
    """Return 1 on the object, 2 around it, 3 on a border between them."""
    return png(np.where(mask, 1, np.where(np.roll(mask, 9, 0), 3, 2)).astype(np.uint8))


def two_classes(mask: Pixels, _: int) -> bytes:
    lower = np.roll(mask, 14, 0)
    return png(np.where(lower, 2, mask).astype(np.uint8))


def thin_classes(*_: object) -> bytes:
    """Return lines one pixel wide of the classes 1 and 2."""
    lines = np.zeros((SIDE, SIDE), np.uint8)
    lines[5, 3:20], lines[9, 4:22] = 1, 2
    return png(lines)


WHITE = (".png", times(255))
ONE = (".png", times(1))
HUNDRED = (".png", times(100))
DEEP_WHITE = (".png", times(65535, np.uint16))
ODD_DEEP = (".tif", lambda mask, number: tif(mask * np.uint16(300 + number)))
OWN = (".png", lambda mask, number: png(mask * np.uint8(number + 1)))
BOOL = (".npy", array_of(True, np.bool_))
ONE_BIT = (".png", lambda mask, _: png(mask))
JPEG = (".jpg", lambda mask, _: png(mask * np.uint8(255), "JPEG", quality=60))
WHITE_FIRST = (".png", lambda mask, _: palette(~mask, 255, 255, 255, 0, 0, 0))
BLACK_FIRST = (".png", lambda mask, _: palette(mask, 0, 0, 0, 255, 255, 255))
COLORED_PALETTE = (".png", lambda mask, _: palette(mask, 255, 255, 255, 200, 0, 0))
VOID: Coding = (".png", with_void)
NINE = (".png", lambda mask, _: png(np.full(mask.shape, 9, np.uint8)))
RED: Coding = (".png", red)
INVERTED: Coding = (".png", inverted)
EDGES: Coding = (".png", edges)
TRIMAP: Coding = (".png", trimap)
