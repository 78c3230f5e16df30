"""The methods that turn a raw mask into classes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import some
from frugalseg.ingest.mask.otsu import otsu_threshold
from frugalseg.ingest.mask.raw import count_levels, is_lossy, to_gray, to_numbers
from frugalseg.ingest.sample import Item

Color = tuple[int, int, int]
Pixels = NDArray[np.uint8]

_SHOWN = 10


@dataclass(frozen=True)
class Method:
    """How a method reads the values of a mask.

    Attributes:
        by_brightness: it asks how bright a pixel is, not which number it has.
        by_area: the areas that values fill tell it codes from the gray of edges.
        by_number: every value stands for a class.
        is_exact: the noise of a JPEG would change what it reads.
    """

    by_brightness: bool = False
    by_area: bool = False
    by_number: bool = False
    is_exact: bool = False


METHODS = {
    "nonzero": Method(by_brightness=True),
    "threshold": Method(by_brightness=True, by_area=True),
    "otsu": Method(by_brightness=True, by_area=True),
    "otsu_image": Method(by_brightness=True, by_area=True),
    "equals": Method(is_exact=True),
    "index": Method(by_number=True, is_exact=True),
    "values": Method(by_number=True),
    "files": Method(),
    "colors": Method(),
}


class UnknownValuesError(FrugalsegError):
    """A mask holds values that its rule does not know.

    Attributes:
        expected: what the rule knows, in words.
        counts: unknown value -> its pixels. pixels: of the whole masks.
        masks: their files.
    """

    def __init__(
        self,
        expected: str,
        counts: Mapping[Any, int],
        pixels: int,
        remedy: str,
        masks: Sequence[str] = (),
    ) -> None:
        """Say which values of `masks` are unknown, the most frequent first."""
        self.expected, self.counts, self.pixels = expected, dict(counts), pixels
        self.remedy, self.masks = remedy, tuple(masks)
        where = f"{some(masks)}: " if masks else ""
        super().__init__(f"{where}expected {expected}, found {counted(counts, pixels)}. {remedy}")

    @classmethod
    def joined(cls, errors: Sequence["UnknownValuesError"]) -> "UnknownValuesError":
        """Return the error of all masks of a data set."""
        counts: Counter[Any] = Counter()
        for error in errors:
            counts.update(error.counts)
        pixels = sum(error.pixels for error in errors)
        masks = [mask for error in errors for mask in error.masks]
        return cls(errors[0].expected, counts, pixels, errors[0].remedy, masks)


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
        values: (raw value, class) pairs (`values`).
        colors: (color, class) pairs (`colors`).
        nonzero: ids of the images whose mask holds 0 and one other value, which is foreground
            though the threshold of the data set lies above it (`otsu`).
    """

    method: str
    classes: int = 1
    threshold: float | None = None
    separability: float | None = None
    value: int | None = None
    values: tuple[tuple[int, int], ...] = ()
    colors: tuple[tuple[Color, int], ...] = ()
    nonzero: frozenset[str] = frozenset()


def classify(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    """Return the classes of a raw mask, uint8 H x W; see `frugalseg.ingest.mask.masks.apply`."""
    if rule.method in {"index", "files"}:
        return _index(rule, raw)
    if rule.method == "values":
        return _values(rule, raw)
    if rule.method == "colors":
        return _colors(rule, raw)
    foreground = _foreground(rule, raw, item)
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


def _foreground(rule: MaskRule, raw: NDArray[Any], item: Item) -> NDArray[np.bool_]:
    if rule.method == "nonzero" or item.image_id in rule.nonzero:
        return np.asarray(raw.any(axis=2) if raw.ndim == 3 else raw != 0)
    if rule.method == "equals" and raw.ndim == 3:
        raw = to_numbers(raw)
    is_gray = raw.ndim == 3 or raw.dtype == np.bool_ or rule.method.startswith("otsu")
    values = to_gray(raw) if is_gray else raw
    if rule.method == "equals":
        return np.asarray(values == rule.value)
    threshold = rule.threshold
    if rule.method == "otsu_image":
        counts = count_levels(values)
        has_two = np.count_nonzero(counts) == 2 and counts[0] > 0
        is_noise = not has_two or item.mask is None or is_lossy(item.mask)
        threshold = otsu_threshold(counts, exact_pair=not is_noise)
    return np.zeros(values.shape, np.bool_) if threshold is None else values > threshold


def _index(rule: MaskRule, raw: NDArray[Any]) -> Pixels:
    flat = to_numbers(raw)
    is_class = (flat >= 0) & (flat <= rule.classes) & (flat == np.floor(flat))
    unknown = flat[~is_class & (flat != IGNORE)]
    if unknown.size:
        raise UnknownValuesError(
            f"classes 0 to {rule.classes} or {IGNORE} (ignore)",
            pd.Series(unknown).value_counts().to_dict(),
            flat.size,
            "Name all classes, say with mask: {values: ...} what each value is, or correct the "
            "mask.",
        )
    return flat.astype(np.uint8)


def _values(rule: MaskRule, raw: NDArray[Any]) -> Pixels:
    flat = to_numbers(raw)
    known = dict(rule.values)
    if flat.dtype == np.uint8:
        counts = pd.Series(count_levels(flat)).loc[lambda pixels: pixels > 0]
    else:
        counts = pd.Series(flat.ravel()).value_counts()
    if not counts.index.isin(known).all():
        raise UnknownValuesError(
            f"the values {', '.join(map(str, sorted(known)))} of mask.values",
            counts[~counts.index.isin(known)].to_dict(),
            flat.size,
            "Name them there, as a class, background or ignore.",
        )
    levels = np.array(sorted(known))
    numbers = np.array([known[level] for level in sorted(known)], np.uint8)
    return numbers[np.searchsorted(levels, flat)]


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
        raise UnknownValuesError(
            f"the colors {', '.join(str(color) for color, _ in rule.colors)}",
            dict(zip(colors, counts.tolist(), strict=True)),
            packed.size,
            "Add them to the color map, or correct the mask.",
        )
    return classes


def _pack(rgb: NDArray[np.uint32]) -> NDArray[np.uint32]:
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return (red * np.uint32(1 << 16)) | (green * np.uint32(1 << 8)) | blue


def counted(counts: Mapping[Any, int], pixels: int) -> str:
    """Return the ten most frequent values with their share of the pixels."""
    order = sorted(counts, key=lambda value: (-counts[value], value))
    shown = ", ".join(
        f"{_text(value)} ({100 * counts[value] / pixels:.3g}% of the pixels)"
        for value in order[:_SHOWN]
    )
    return shown + (f" and {len(order) - _SHOWN} more" if len(order) > _SHOWN else "")


def _text(value: Any) -> str:
    return str(value) if isinstance(value, tuple) else f"{value:g}"
