"""What evaluation keeps, as tables: rows that can be read without knowing any array's layout."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from frugalseg.metrics import calibration, objects
from frugalseg.metrics.calibration import BINS, KINDS
from frugalseg.metrics.counts import Values

BIN_KEYS: dict[str, Sequence[Hashable]] = {
    "scaling": ("none", "temperature"),
    "kind": KINDS,
    "bin": range(BINS),
}


def _table(
    keys: Mapping[str, Sequence[Hashable]], names: Sequence[str], values: Values
) -> pd.DataFrame:
    """Return one row for each combination of `keys`, with the last axis of `values` as columns."""
    table = pd.MultiIndex.from_product(list(keys.values()), names=list(keys)).to_frame(index=False)
    table[list(names)] = values.reshape(-1, len(names))
    return table


def calibration_table(histograms: Values, temperature: float) -> pd.DataFrame:
    """Lay histograms out as rows.

    Args:
        histograms: 2 x KINDS x BINS x FIELDS, before and after temperature scaling.
        temperature: of the second ones.

    Returns:
        `scaling` (`none` or `temperature`), `temperature` (1 without), `kind`, `bin`, and the sums
        over its pixels that `calibration.FIELDS` names.
    """
    table = _table(BIN_KEYS, calibration.FIELDS, histograms)
    table.insert(1, "temperature", np.where(table["scaling"] == "none", 1.0, temperature))
    return table.astype({"count": np.int64, "correct": np.int64})


def read_calibration(table: pd.DataFrame) -> Values:
    """Return the histograms of one round's rows, in any order: 2 x KINDS x BINS x FIELDS."""
    keys = pd.MultiIndex.from_product(list(BIN_KEYS.values()))
    sums = table.set_index(list(BIN_KEYS)).loc[keys, list(calibration.FIELDS)]
    return sums.to_numpy(np.float64).reshape(2, len(KINDS), BINS, -1)


def object_table(values: Values, image_ids: list[str], classes: list[str]) -> pd.DataFrame:
    """Lay matched objects, N x K x FIELDS, out as rows of an image and class."""
    return _table({"image_id": image_ids, "class": classes}, objects.FIELDS, values)


def confusion_table(confusion: Values, threshold: str) -> pd.DataFrame:
    """Lay a confusion out as rows of a `true` and a `pred` class: 0 background, k class k.

    Returns:
        `threshold`, `true`, `pred`, `pixels`, and `likelihood`, the sum of the probabilities of the
        true class.
    """
    size = range(confusion.shape[1])
    values = np.moveaxis(confusion, 0, -1)
    table = _table({"true": size, "pred": size}, ("pixels", "likelihood"), values)
    table.insert(0, "threshold", threshold)
    return table.astype({"pixels": np.int64})


def read_confusion(table: pd.DataFrame) -> Values:
    """Return the confusion of one round's rows at one threshold, in any order."""
    values = table.sort_values(["true", "pred"])[["pixels", "likelihood"]].to_numpy(np.float64)
    size = int(table["true"].max()) + 1
    return np.moveaxis(values.reshape(size, size, 2), -1, 0)
