"""The connected defects of a prepared stack: in which image, of which class, how large."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from skimage.measure import label

from frugalseg.core.constants import IGNORE

COLUMNS = ["image_id", "class", "area"]


def measure(
    masks: NDArray[np.uint8], image_ids: Sequence[str], classes: Sequence[str]
) -> pd.DataFrame:
    """Return every connected defect: pixels of one class that touch at sides or corners.

    One mask is in memory at a time.

    Args:
        masks: uint8, N x H x W; 0 = background, k = `classes[k - 1]`, 255 = without a label.
        image_ids: the N images.

    Returns:
        image_id, class (name) and area (pixels of the stack), a row a defect, by image.
    """
    names = ["", *classes]
    rows: list[tuple[str, str, int]] = []
    for image_id, mask in zip(image_ids, masks, strict=True):
        foreground = np.where(mask == IGNORE, 0, mask).astype(np.uint8)
        if foreground.any():
            numbers = label(foreground, background=0, connectivity=2).ravel()
            areas = np.bincount(numbers)
            values = np.zeros(len(areas), np.uint8)
            values[numbers] = foreground.ravel()
            pairs = zip(values[1:].tolist(), areas[1:].tolist(), strict=True)
            rows += [(image_id, names[value], area) for value, area in pairs]
    return pd.DataFrame(rows, columns=COLUMNS)


def classes_by_image(defects: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the classes that each image with a defect holds, sorted by name."""
    pairs = defects[["image_id", "class"]].drop_duplicates().sort_values(["image_id", "class"])
    return {str(name): tuple(rows) for name, rows in pairs.groupby("image_id")["class"]}
