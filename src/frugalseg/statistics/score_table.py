"""The tidy table `scores.csv`: one row for every arm, seed, round, threshold, class and metric."""

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError

KEY = ("arm", "seed", "round")
COLUMNS = (*KEY, "fraction", "threshold", "class", "metric", "value")


def select_scores(scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the scores of one metric, sorted by arm, seed and round; values may be NaN.

    They are those at the validation threshold, mean over the classes.

    Args:
        scores: the tidy table with at least the columns of `COLUMNS`.
        metric: name in the column `metric`.

    Raises:
        FrugalsegError: if a column is missing, nothing matches, or a run is there twice.
    """
    absent = [name for name in COLUMNS if name not in scores.columns]
    if absent:
        raise FrugalsegError(
            f"The scores need the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}. "
            "Delete scores.csv and run again."
        )
    for column, value in (("metric", metric), ("threshold", "validation"), ("class", "all")):
        selected = scores[scores[column] == value]
        if selected.empty:
            names = ", ".join(sorted({str(name) for name in scores[column]})) or "none"
            raise FrugalsegError(f"The scores hold no {column} {value!r}. Known: {names}.")
        scores = selected
    scores = scores.sort_values(list(KEY), kind="stable", ignore_index=True)
    duplicates = scores[scores.duplicated(list(KEY))]
    if len(duplicates):
        arm, seed, number = duplicates.iloc[0][list(KEY)]
        raise FrugalsegError(
            f"The scores hold {metric} of arm {arm!r}, seed {seed}, round {number} more than once. "
            "Delete scores.csv and run again."
        )
    return scores


def budget_curve(rows: pd.DataFrame) -> pd.Series:
    """Return the scores of one arm and seed, float64, indexed by labeled fraction, ascending.

    Where several rounds have the same fraction, the last one counts.

    Args:
        rows: of `select_scores`.
    """
    curve = rows.drop_duplicates("fraction", keep="last").set_index("fraction")["value"]
    return curve.sort_index().astype(np.float64)
