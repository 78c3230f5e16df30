"""The connected defects of a prepared stack: in which image, of which class, how large."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from skimage.measure import label

IGNORE = 255
COLUMNS = ["image_id", "class", "area"]


def measure(
    masks: NDArray[np.uint8], image_ids: Sequence[str], classes: Sequence[str]
) -> pd.DataFrame:
    """Find every connected defect: pixels of one class that touch at sides or corners.

    One mask is in memory at a time.

    Args:
        masks: uint8, N x H x W; 0 = background, k = `classes[k - 1]`, 255 = without a label.
        image_ids: the N images.

    Returns:
        image_id, class (name) and area (pixels of the stack), a row a defect, by image.
    """
    found = [_components(np.asarray(mask)) for mask in masks]
    counts = [len(areas) for _, areas in found]
    if not sum(counts):
        return pd.DataFrame(columns=COLUMNS)
    numbers, areas = (np.concatenate(part) for part in zip(*found, strict=True))
    ids = np.repeat(np.array(image_ids, dtype=object), counts)
    names = np.array(["", *classes], dtype=object)
    return pd.DataFrame({"image_id": ids, "class": names[numbers.astype(np.int64)], "area": areas})


def _components(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return class and area of every connected defect of one mask, H x W."""
    known = np.where(mask == IGNORE, 0, mask).astype(np.uint8)
    if not known.any():
        return np.empty(0, np.uint8), np.empty(0, np.int64)
    numbers = label(known, background=0, connectivity=2).ravel()
    areas = np.bincount(numbers)
    classes = np.zeros(len(areas), np.uint8)
    classes[numbers] = known.ravel()
    return classes[1:], areas[1:].astype(np.int64)


def held(defects: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the classes that each image with a defect holds, sorted by name."""
    pairs = defects[["image_id", "class"]].drop_duplicates().sort_values(["image_id", "class"])
    return {str(name): tuple(part) for name, part in pairs.groupby("image_id")["class"]}
