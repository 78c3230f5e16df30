"""Raw masks, their histograms and the items that they belong to."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.ingest.mask.masks import MaskRule, fit
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

Pixels = NDArray[Any]
ITEM = Item("a", Path("a.png"), Path("a_mask.png"))
MAP = {"a": (255, 0, 0), "b": (0, 0, 255), "ignore": (9, 9, 9)}


def fitted(
    method: str,
    pooled: NDArray[np.int64] | None = None,
    *,
    classes: tuple[str, ...] = ("foreground",),
    **options: Any,
) -> MaskRule:
    """Return the rule of a mask method with its options."""
    return fit(MaskParams(method=method, **options), pooled, classes=classes)


def tagged(*classes: int) -> Item:
    return Item("a", Path("a.png"), Path("a_mask.png"), image_label=classes)


def jpeg(pixels: Pixels, quality: int = 75) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def noise(level: int = 0, seed: int = 0) -> Pixels:
    """Return one population: values within a few gray levels of `level`, as JPEG leaves them."""
    rng = np.random.default_rng(seed)
    return np.clip(rng.normal(level, 3, (64, 64)).round(), 0, 255).astype(np.uint8)


def counts(**pixels: int) -> NDArray[np.int64]:
    table = np.zeros(256, np.int64)
    for level, count in pixels.items():
        table[int(level[1:])] = count
    return table


def area_of(mask: Pixels) -> int:
    return int(np.count_nonzero(mask))
