"""The methods that turn a raw mask into classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.otsu import otsu_threshold
from frugalseg.ingest.mask.raw import count_levels, to_gray
from frugalseg.ingest.sample import Item

Color = tuple[int, int, int]
Pixels = NDArray[np.uint8]

METHODS = {
    "nonzero": "",
    "threshold": "threshold",
    "otsu": "",
    "otsu_image": "",
    "equals": "value",
    "index": "",
    "colors": "colors",
}
"""Method -> the option that it takes."""


@dataclass(frozen=True)
class MaskRule:
    """How the raw masks of one data set become class masks; made by `fit`.

    Attributes:
        classes: number of foreground classes.
        threshold: raw values above it are foreground; None if the method has none, or if the pooled
            histogram holds one population only: then every mask is empty.
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


def classify(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    """Return the classes of a raw mask, uint8 H x W; see `frugalseg.ingest.mask.masks.apply`."""
    if rule.method == "index":
        return _index(rule, raw)
    if rule.method == "colors":
        return _colors(rule, raw)
    foreground = _foreground(rule, raw)
    if rule.classes == 1:
        return foreground.astype(np.uint8)
    tag = item.image_label
    if tag is not None and len(tag) == 1:
        return foreground.astype(np.uint8) * np.uint8(tag[0])
    if foreground.any():
        raise FrugalsegError(
            f"the mask method {rule.method} finds foreground only, and the image's tag {tag} does "
            f"not say which of {rule.classes} classes it is. Use the method index or colors."
        )
    return np.zeros(foreground.shape, np.uint8)


def _foreground(rule: MaskRule, raw: NDArray[Any]) -> NDArray[np.bool_]:
    if rule.method == "nonzero":
        return np.asarray(raw.any(axis=2) if raw.ndim == 3 else raw != 0)
    values = to_gray(raw) if raw.ndim == 3 or rule.method.startswith("otsu") else raw
    if rule.method == "equals":
        return np.asarray(values == rule.value)
    threshold = rule.threshold
    if rule.method == "otsu_image":
        threshold = otsu_threshold(count_levels(values))
    return np.zeros(values.shape, np.bool_) if threshold is None else values > threshold


def _index(rule: MaskRule, raw: NDArray[Any]) -> Pixels:
    flat = to_gray(raw) if raw.ndim == 3 else raw
    is_class = (flat >= 0) & (flat <= rule.classes) & (flat == np.floor(flat))
    unknown = flat[~is_class & (flat != IGNORE)]
    if unknown.size:
        values, counts = np.unique(unknown, return_counts=True)
        raise FrugalsegError(
            f"expected classes 0 to {rule.classes} or {IGNORE} (ignore), found "
            f"{_counted(values.tolist(), counts)}. Name all classes, or correct the mask."
        )
    return flat.astype(np.uint8)


def _colors(rule: MaskRule, raw: NDArray[Any]) -> Pixels:
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
        colors = [(int(v) >> 16, int(v) >> 8 & 255, int(v) & 255) for v in values]
        raise FrugalsegError(
            f"expected the colors {', '.join(str(color) for color, _ in rule.colors)}, found also "
            f"{_counted(colors, counts)}. Add them to the color map, or correct the mask."
        )
    return classes


def _pack(rgb: NDArray[np.uint32]) -> NDArray[np.uint32]:
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return (red * np.uint32(1 << 16)) | (green * np.uint32(1 << 8)) | blue


def _counted(values: list[Any], counts: NDArray[np.int64]) -> str:
    """Return the ten most frequent values with their numbers of pixels."""
    order = np.argsort(-counts, kind="stable")[:10]
    shown = ", ".join(f"{values[i]} ({counts[i]} pixels)" for i in order)
    return shown + (f" and {len(values) - 10} more" if len(values) > 10 else "")
