"""Masks as stored on disk -> class masks: 0 background, k class k, 255 = IGNORE.

Two passes over the files handle a whole data set in bounded memory: sum `histogram` over all raw
masks, `fit` one rule to the sum, `apply` the rule to each raw mask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check
from frugalseg.ingest.mask.methods import (
    METHODS,
    Color,
    MaskRule,
    Pixels,
    UnknownValuesError,
    classify,
)
from frugalseg.ingest.mask.otsu import otsu_threshold, separability
from frugalseg.ingest.mask.raw import histogram, read_mask
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

__all__ = ["MaskRule", "apply", "fit", "histogram", "read_mask"]


def fit(
    params: MaskParams,
    pooled: NDArray[np.int64] | None = None,
    *,
    classes: tuple[str, ...] = ("foreground",),
) -> MaskRule:
    """Make the rule of a data set.

    Args:
        params: with a method.
        pooled: sum of the histograms of all raw masks, int64, 256; needed for `otsu`.
        classes: names of the foreground classes. A method that finds foreground only gives class 1,
            or the one class of the item's `image_label` where there are several classes.

    Raises:
        FrugalsegError: an unknown method or class, a color or value of two classes.
    """
    method = check(METHODS, params.method or "", "mask method")
    threshold = params.cut
    if method == "otsu":
        if pooled is None:
            raise FrugalsegError(f"The mask method {method} needs the histogram of all masks.")
        threshold = otsu_threshold(pooled, exact_pair=True)
    return MaskRule(
        method,
        len(classes),
        threshold,
        None if pooled is None or threshold is None else separability(pooled, threshold),
        params.value,
        _value_table(params.values, classes) if params.values else (),
        _color_table(params.colors, classes) if params.colors else (),
    )


def apply(rule: MaskRule, raw: NDArray[Any], item: Item) -> Pixels:
    """Turn one raw mask into classes.

    Returns:
        uint8, H x W: 0 background, k class, 255 = IGNORE.

    Raises:
        UnknownValuesError: naming the mask: values or colors that the rule does not know.
        FrugalsegError: naming the mask: colors where none are expected, or foreground whose class
            the item's `image_label` does not give.
    """
    name = str(item.mask or item.image_id)
    try:
        return classify(rule, raw, item)
    except UnknownValuesError as error:
        raise UnknownValuesError(
            error.expected, error.counts, error.pixels, error.remedy, [name]
        ) from error
    except FrugalsegError as error:
        raise FrugalsegError(f"{name}: {error}") from error


def _value_table(
    values: Mapping[str, int | Sequence[int]], classes: tuple[str, ...]
) -> tuple[tuple[int, int], ...]:
    numbers = _class_numbers(classes)
    table: dict[int, int] = {}
    for name, codes in values.items():
        check(numbers, name, "class in mask.values")
        for code in [codes] if isinstance(codes, int) else codes:
            if code in table:
                raise FrugalsegError(f"mask.values names {code} twice. Keep one of them.")
            table[code] = numbers[name]
    if "background" not in values:
        table.setdefault(0, 0)
    _refuse_missing(classes, values, "mask.values lacks")
    return tuple(table.items())


def _color_table(
    colors: Mapping[str, Color], classes: tuple[str, ...]
) -> tuple[tuple[Color, int], ...]:
    numbers = _class_numbers(classes)
    table: dict[Color, int] = {}
    for name, color in {"background": (0, 0, 0), **colors}.items():
        check(numbers, name, "class in the color map")
        if len(color) != 3 or not all(0 <= channel <= 255 for channel in color):
            raise FrugalsegError(f"The color of {name} must be three of 0..255, found {color}.")
        if tuple(color) in table:
            raise FrugalsegError(f"The color map gives {color} to two classes. Keep one of them.")
        table[color] = numbers[name]
    _refuse_missing(classes, colors, "The color map lacks")
    return tuple(table.items())


def _class_numbers(classes: tuple[str, ...]) -> dict[str, int]:
    numbers = {"background": 0, "ignore": IGNORE}
    return numbers | {name: number for number, name in enumerate(classes, start=1)}


def _refuse_missing(classes: tuple[str, ...], named: Mapping[str, Any], text: str) -> None:
    missing = sorted(set(classes) - set(named))
    if missing:
        raise FrugalsegError(f"{text} {', '.join(missing)}. Name all classes there.")
