"""From per-image counts to the tidy table of scores."""

import numpy as np
import pandas as pd

from frugalseg.metrics import METRICS
from frugalseg.metrics.counts import Counts, all_background
from frugalseg.registry import lookup

ALL = "all"
"""The class name under which the mean over foreground classes stands."""


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
        for metric in METRICS:
            function = lookup(METRICS, metric, "metric")
            rows.append((round_, threshold, name, metric, function(values), function(empty)))
    columns = ["round", "threshold", "class", "metric", "value", "all_background"]
    per_class = pd.DataFrame(rows, columns=columns)
    keys = ["round", "threshold", "metric"]
    # mean() leaves out what is not defined
    mean = per_class.groupby(keys, as_index=False)[["value", "all_background"]].mean()
    mean["class"] = ALL
    if counts["class"].nunique() == 1:
        return mean[columns]
    return pd.concat([mean[columns], per_class], ignore_index=True)
