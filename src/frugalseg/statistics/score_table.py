"""The tidy table `scores.csv`: one row for every arm, seed, round, threshold, class and metric."""

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
            "Make scores.csv again."
        )
    for column, wanted in (("metric", metric), ("threshold", "validation"), ("class", "all")):
        scores = _where(scores, column, wanted)
    scores = scores.sort_values(list(KEY), kind="stable", ignore_index=True)
    twice = scores.duplicated(list(KEY))
    if twice.any():
        first = scores[twice].iloc[0]
        raise FrugalsegError(
            f"The scores hold {metric} of arm {first['arm']!r}, seed {first['seed']}, round "
            f"{first['round']} {1 + int(twice.sum())} times or more; expected once. "
            "Make scores.csv again."
        )
    return scores


def _where(scores: pd.DataFrame, column: str, wanted: str) -> pd.DataFrame:
    found = scores[scores[column] == wanted]
    if found.empty:
        known = ", ".join(sorted({str(value) for value in scores[column]})) or "none"
        raise FrugalsegError(f"The scores hold no {column} {wanted!r}. Known: {known}.")
    return found
