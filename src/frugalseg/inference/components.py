"""Connected components of an image that comes in bands, in the memory of one band."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

COLUMNS: dict[str, type] = {
    "class": object,
    "area": int,
    "y": int,
    "x": int,
    "height": int,
    "width": int,
    "probability": float,
}
_NEIGHBORS = np.ones((3, 3), int)

Ints = NDArray[np.int64]


class Components:
    """The components (8 neighbors) of every foreground class, collected from top to bottom.

    Each band is labeled separately; pieces that touch across two bands are joined at the end.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        """Start an image whose pixels are 0 or 1 + the index of a class in `classes`."""
        self._classes = list(classes)
        self._pieces: list[pd.DataFrame] = []
        self._touching: list[Ints] = [np.zeros((0, 2), np.int64)]
        self._count, self._top = 0, 0
        self._last: tuple[NDArray[np.uint8], Ints] | None = None

    def add(self, preds: NDArray[np.uint8], probs: NDArray[np.float32]) -> None:
        """Add the next band: classes, h x W, and probabilities, K+1 x h x W."""
        labels = np.zeros(preds.shape, np.int64)
        chosen = np.take_along_axis(probs, preds[None].astype(np.int64), axis=0)[0]
        for number in range(1, len(self._classes) + 1):
            if not (preds == number).any():
                continue
            pieces, count = ndimage.label(preds == number, _NEIGHBORS)
            self._pieces.append(_measure(pieces, count, chosen, number, self._top))
            labels[pieces > 0] = pieces[pieces > 0] + (self._count - 1)
            self._count += count
        if self._last is not None:
            self._touching.append(_touching(self._last, (preds[0], labels[0])))
        self._last = preds[-1].copy(), labels[-1].copy()
        self._top += len(preds)

    def table(self) -> pd.DataFrame:
        """Return one row a component, sorted by its first row, first column and class.

        Columns: `class`, `area` (pixels), the box `y`, `x`, `height`, `width` (pixels), and
        `probability`, the mean over its pixels of the probability of its class.
        """
        if not self._pieces:
            return pd.DataFrame({name: np.zeros(0, kind) for name, kind in COLUMNS.items()})
        pieces = pd.concat(self._pieces, ignore_index=True)
        edges = np.concatenate(self._touching)
        shape = (self._count, self._count)
        graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape)
        _, whole = connected_components(graph, directed=False)
        first, last, total = ["number", "y", "x"], ["bottom", "right"], ["area", "sum"]
        groups = pieces.groupby(whole)
        table = pd.concat([groups[first].min(), groups[last].max(), groups[total].sum()], axis=1)
        table = table.sort_values(["y", "x", "number"], kind="stable", ignore_index=True)
        return table.assign(
            **{"class": [self._classes[number - 1] for number in table["number"]]},
            height=table["bottom"] - table["y"],
            width=table["right"] - table["x"],
            probability=table["sum"] / table["area"],
        )[list(COLUMNS)]


def _measure(
    labels: NDArray[np.integer[Any]], count: int, probs: NDArray[np.float32], number: int, top: int
) -> pd.DataFrame:
    """Measure the pieces 1 to `count` of one class and band, in rows of the whole image."""
    boxes = [(*(side.start for side in box), *(side.stop for side in box))
             for box in ndimage.find_objects(labels)]  # fmt: skip
    flat = labels.ravel()
    table = pd.DataFrame(boxes, columns=["y", "x", "bottom", "right"])
    table[["y", "bottom"]] += top
    table["number"] = number
    table["area"] = np.bincount(flat, minlength=count + 1)[1:]
    table["sum"] = np.bincount(flat, weights=probs.ravel(), minlength=count + 1)[1:]
    return table


def _touching(above: tuple[NDArray[np.uint8], Ints], below: tuple[NDArray[np.uint8], Ints]) -> Ints:
    """Return the pairs of pieces, P x 2, that touch across two rows of classes and labels."""
    width = len(above[0])
    pairs = []
    for shift in (-1, 0, 1):
        up = slice(max(0, -shift), width - max(0, shift))
        down = slice(max(0, shift), width - max(0, -shift))
        same = (above[0][up] == below[0][down]) & (above[0][up] > 0)
        pairs.append(np.stack([above[1][up][same], below[1][down][same]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)
