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

__all__ = ["METHODS", "MaskRule", "apply", "fit", "histogram", "read_mask"]


def fit(
    method: str,
    pooled: NDArray[np.int64] | None = None,
    *,
    classes: tuple[str, ...] = ("foreground",),
    threshold: float | None = None,
    value: int | None = None,
    values: Mapping[str, int | Sequence[int]] | None = None,
    colors: Mapping[str, Color] | None = None,
    pattern: str | None = None,
) -> MaskRule:
    """Make the rule of a data set.

    Args:
        method: `nonzero`; `threshold` (above it, default 127); `otsu`, one threshold for the data
            set; `otsu_image`, one for each image; `equals` (a value); `index` (the values are the
            classes); `values`; `colors`; `files` (already merged, see
            `frugalseg.ingest.mask.files`: the values are the classes).
        pooled: sum of the histograms of all raw masks, int64, 256; needed for `otsu`.
        classes: names of the foreground classes. A method that finds foreground only gives class 1,
            or the one class of the item's `image_label` where there are several classes.
        threshold: for `threshold`, in raw units.
        value: for `equals`.
        values: for `values`: a value, or several, by class name, `background` (default 0) or
            `ignore`.
        colors: for `colors`: RGB by class name, `background` (default black) or `ignore`.
        pattern: for `files`.

    Raises:
        FrugalsegError: an unknown method, an option missing or of another method.
    """
    option = METHODS[check(METHODS, method, "mask method")]
    options: dict[str, Any] = {"threshold": threshold, "value": value, "values": values}
    options |= {"colors": colors, "pattern": pattern}
    for name, setting in options.items():
        if setting is not None and name != option:
            raise FrugalsegError(
                f"The mask method {method} takes no option {name!r}. "
                f"Leave it out, or use the method that takes it."
            )
    if option and option != "threshold" and options[option] is None:
        raise FrugalsegError(f"The mask method {method} needs the option {option!r}. Add it.")
    if method == "threshold":
        threshold = 127.0 if threshold is None else float(threshold)
    if method == "otsu":
        if pooled is None:
            raise FrugalsegError(f"The mask method {method} needs the histogram of all masks.")
        threshold = otsu_threshold(pooled, exact_pair=True)
    return MaskRule(
        method,
        len(classes),
        threshold,
        None if pooled is None or threshold is None else separability(pooled, threshold),
        value,
        _value_table(values, classes) if values else (),
        _color_table(colors, classes) if colors else (),
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
