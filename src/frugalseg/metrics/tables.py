"""What evaluation keeps, as tables: rows that can be read without knowing any array's layout."""

import numpy as np
import pandas as pd

from frugalseg.metrics import calibration, objects
from frugalseg.metrics.calibration import BINS, KINDS, Calibration
from frugalseg.metrics.confusion import Confusion
from frugalseg.metrics.ratios import Values

SCALINGS = ("none", "temperature")


def calibration_table(values: Calibration, temperature: float) -> pd.DataFrame:
    """Lay histograms out as rows.

    Returns:
        `scaling` (`none` or `temperature`), `temperature` (1 without), `kind`, `bin`, and the sums
        over its pixels that `calibration.FIELDS` names.
    """
    sums = np.stack([values.raw, values.scaled]).reshape(-1, len(calibration.FIELDS))
    keys = pd.MultiIndex.from_product(
        [SCALINGS, KINDS, range(BINS)], names=["scaling", "kind", "bin"]
    )
    table = keys.to_frame(index=False)
    table.insert(1, "temperature", np.where(table["scaling"] == "none", 1.0, temperature))
    table[list(calibration.FIELDS)] = sums
    return table.astype({"count": np.int64, "correct": np.int64})


def read_calibration(table: pd.DataFrame) -> Calibration:
    """Return the histograms of one round's rows, in any order."""
    ordered = table.set_index(["scaling", "kind", "bin"])
    values: list[Values] = []
    for scaling in SCALINGS:
        keys = pd.MultiIndex.from_product([[scaling], KINDS, range(BINS)])
        sums = ordered.loc[keys, list(calibration.FIELDS)].to_numpy(np.float64)
        values.append(sums.reshape(len(KINDS), BINS, len(calibration.FIELDS)))
    return Calibration(*values)


def object_table(values: Values, image_ids: list[str], classes: list[str]) -> pd.DataFrame:
    """Lay matched objects, N x K x FIELDS, out as rows of an image and class."""
    keys = pd.MultiIndex.from_product([image_ids, classes], names=["image_id", "class"])
    table = keys.to_frame(index=False)
    table[list(objects.FIELDS)] = values.reshape(-1, len(objects.FIELDS))
    return table


def confusion_table(found: Confusion, threshold: str) -> pd.DataFrame:
    """Lay a confusion out as rows of a `true` and a `pred` class: 0 background, k class k.

    Returns:
        `threshold`, `true`, `pred`, `pixels`, and `likelihood`, the sum of the probabilities that
        the true class was given.
    """
    size = range(len(found.pixels))
    table = pd.MultiIndex.from_product([size, size], names=["true", "pred"]).to_frame(index=False)
    table.insert(0, "threshold", threshold)
    table["pixels"] = found.pixels.ravel().astype(np.int64)
    table["likelihood"] = found.likelihood.ravel()
    return table


def read_confusion(table: pd.DataFrame) -> Confusion:
    """Return the confusion of one round's rows at one threshold, in any order."""
    ordered = table.sort_values(["true", "pred"])
    size = int(table["true"].max()) + 1
    pixels, likelihood = (
        ordered[name].to_numpy(np.float64).reshape(size, size) for name in ("pixels", "likelihood")
    )
    return Confusion(pixels, likelihood)
