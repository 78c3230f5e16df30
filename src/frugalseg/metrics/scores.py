"""From what evaluation keeps to the tidy table of scores."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core.registry import lookup
from frugalseg.metrics.confusion import background_only
from frugalseg.metrics.counts import Counts, all_background
from frugalseg.metrics.metric import FUNCTIONS, METRICS, Kind
from frugalseg.metrics.objects import FIELDS, Objects
from frugalseg.metrics.tables import read_calibration, read_confusion

ALL = "all"
"""The class name under which the mean over foreground classes stands."""
VALIDATION = "validation"
COLUMNS = ["round", "threshold", "class", "metric", "value", "all_background"]


def functions(kind: Kind) -> dict[str, Callable[[Any], float]]:
    """Return the functions of the metrics of one kind by their names."""
    names = [name for name, metric in METRICS.items() if metric.kind == kind]
    return {name: lookup(FUNCTIONS, name, "metric") for name in names}


def score_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Compute every metric from the counts of one run.

    Args:
        counts: `round`, `image_id`, `class`, `threshold`, `tp`, `fp`, `fn`, `tn`.

    Returns:
        `round`, `threshold`, `class`, `metric`, `value`, `all_background`: the last is what an
        empty prediction gets on the same images. Class `all` is the mean over the classes for
        which the metric is defined; single classes are listed where there are several.
    """
    rows = []
    for (round_, threshold, name), part in counts.groupby(["round", "threshold", "class"]):
        values = Counts(*(part[column].to_numpy(np.int64) for column in ("tp", "fp", "fn", "tn")))
        empty = all_background(values)
        for metric, function in functions("counts").items():
            rows.append((round_, threshold, name, metric, function(values), function(empty)))
    return _with_mean(pd.DataFrame(rows, columns=COLUMNS))


def score_objects(objects: pd.DataFrame) -> pd.DataFrame:
    """Compute the object metrics of one run, at the validation threshold.

    Args:
        objects: `round`, `image_id`, `class`, and the fields of `frugalseg.metrics.objects`.

    Returns:
        As `score_counts` does.
    """
    rows = []
    for (round_, name), part in objects.groupby(["round", "class"]):
        values = Objects(*part[list(FIELDS)].sum())
        empty = Objects(0, 0, values.tp + values.fn, 0, values.truth_pixels, 0, 0)
        for metric, function in functions("objects").items():
            rows.append((round_, VALIDATION, name, metric, function(values), function(empty)))
    return _with_mean(pd.DataFrame(rows, columns=COLUMNS))


def score_calibration(calibration: pd.DataFrame) -> pd.DataFrame:
    """Compute the calibration metrics of one run, of all classes together.

    They depend on no threshold and are listed at the validation threshold; predicting nothing has
    no probability, so `all_background` is NaN.

    Args:
        calibration: as `frugalseg.metrics.tables.calibration_table` makes it, with `round`.
    """
    rows = []
    for round_, part in calibration.groupby("round"):
        raw, scaled = read_calibration(part)
        for metric, function in functions("calibration").items():
            rows.append((round_, VALIDATION, ALL, metric, function(raw), np.nan))
        for metric, function in functions("scaled calibration").items():
            rows.append((round_, VALIDATION, ALL, metric, function(scaled), np.nan))
    return pd.DataFrame(rows, columns=COLUMNS)


def score_confusion(confusion: pd.DataFrame) -> pd.DataFrame:
    """Compute the metrics of all classes together, the background among them.

    Args:
        confusion: as `frugalseg.metrics.tables.confusion_table` makes it, with `round`.

    Returns:
        As `score_counts` does, all under class `all`.
    """
    rows = []
    for (round_, threshold), part in confusion.groupby(["round", "threshold"]):
        values = read_confusion(part)
        empty = background_only(values)
        for metric, function in functions("confusion").items():
            rows.append((round_, threshold, ALL, metric, function(values), function(empty)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _with_mean(per_class: pd.DataFrame) -> pd.DataFrame:
    """Put the mean over classes before them where there are several, else in their place."""
    keys = ["round", "threshold", "metric"]
    # mean() leaves out what is not defined
    mean = per_class.groupby(keys, as_index=False)[["value", "all_background"]].mean()
    mean = mean.assign(**{"class": ALL})[COLUMNS]
    several = per_class["class"].nunique() > 1
    return pd.concat([mean, per_class], ignore_index=True) if several else mean
