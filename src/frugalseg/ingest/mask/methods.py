"""The ways in which a raw mask tells classes: a rule, and what each method does with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.otsu import otsu_threshold
from frugalseg.ingest.mask.raw import histogram, to_gray
from frugalseg.ingest.sample import Item

Color = tuple[int, int, int]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class MaskRule:
    """How the raw masks of one data set become class masks; made by `fit`.

    Attributes:
        method: a key of `METHODS`.
        classes: number of foreground classes.
        threshold: raw values above it are foreground; None where no data set threshold is used, or
            where the pooled histogram holds one population only: then every mask comes out empty.
        separability: between-class over total variance at `threshold` (Otsu 1979, eta), in [0, 1];
            None without a threshold or histogram.
        value: the raw value that is foreground (`equals`).
        colors: (color, class) pairs (`colors`).
    """

    method: str
    classes: int = 1
    threshold: float | None = None
    separability: float | None = None
    value: int | None = None
    colors: tuple[tuple[Color, int], ...] = ()


def _paint(foreground: NDArray[np.bool_], rule: MaskRule, item: Item) -> Pixels:
    """Give the foreground its class: the only one there is, or the one of the item's tag."""
    if rule.classes == 1:
        return foreground.astype(np.uint8)
    tag = item.image_label
    if tag is not None and len(tag) == 1:
        return foreground.astype(np.uint8) * np.uint8(tag[0])
    if foreground.any():
        raise FrugalsegError(
            f"the mask method {rule.method} tells foreground only, and the image's tag {tag} does "
            f"not say which of {rule.classes} classes it is. Use the method index or colors."
        )
    return np.zeros(foreground.shape, np.uint8)


def _flat(raw: NDArray[Any]) -> NDArray[Any]:
    return to_gray(raw) if raw.ndim == 3 else raw


def _nonzero(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    return _paint((raw != 0).any(axis=2) if raw.ndim == 3 else raw != 0, rule, item)


def _threshold(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    return _paint(_flat(raw) > rule.threshold, rule, item)


def _otsu(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    return _above(rule.threshold, rule, raw, item)


def _otsu_image(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    return _above(otsu_threshold(histogram(raw)), rule, raw, item)


def _above(threshold: float | None, rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    if threshold is None:
        return np.zeros(raw.shape[:2], np.uint8)
    return _paint(to_gray(raw) > threshold, rule, item)


def _equals(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    return _paint(_flat(raw) == rule.value, rule, item)


def _index(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    flat = _flat(raw)
    known = ((flat >= 0) & (flat <= rule.classes) & (flat == np.floor(flat))) | (flat == IGNORE)
    if not known.all():
        values, counts = np.unique(flat[~known], return_counts=True)
        raise FrugalsegError(
            f"expected classes 0 to {rule.classes} or {IGNORE} (ignore), found "
            f"{_counted(values.tolist(), counts)}. Name all classes, or correct the mask."
        )
    return flat.astype(np.uint8)


def _colors(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    if raw.ndim != 3 or raw.dtype != np.uint8:
        raise FrugalsegError(
            f"expected 8-bit RGB colors, found {raw.dtype} of shape {raw.shape}. For a palette "
            "picture set the reader's option palette to color; else use the method index."
        )
    packed = _pack(raw.astype(np.uint32))
    classes = np.zeros(packed.shape, np.uint8)
    unknown = np.ones(packed.shape, np.bool_)
    for color, number in rule.colors:
        here = packed == _pack(np.array(color, np.uint32))
        classes[here] = number
        unknown[here] = False
    if unknown.any():
        values, counts = np.unique(packed[unknown], return_counts=True)
        found = [(int(v) >> 16, int(v) >> 8 & 255, int(v) & 255) for v in values]
        raise FrugalsegError(
            f"expected the colors {', '.join(str(color) for color, _ in rule.colors)}, found also "
            f"{_counted(found, counts)}. Add them to the color map, or correct the mask."
        )
    return classes


def _pack(rgb: NDArray[np.uint32]) -> NDArray[np.uint32]:
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return (red * np.uint32(1 << 16)) | (green * np.uint32(1 << 8)) | blue


def _counted(values: list[Any], counts: NDArray[np.int64]) -> str:
    """Return the ten most frequent values with their numbers of pixels."""
    order = np.argsort(-counts, kind="stable")
    told = [f"{values[i]} ({counts[i]} pixels)" for i in order[:10]]
    return ", ".join(told) + (f" and {len(values) - 10} more" if len(values) > 10 else "")


METHODS: dict[str, Callable[[MaskRule, NDArray[Any], Item], Pixels]] = {
    "nonzero": _nonzero,
    "threshold": _threshold,
    "otsu": _otsu,
    "otsu_image": _otsu_image,
    "equals": _equals,
    "index": _index,
    "colors": _colors,
}
