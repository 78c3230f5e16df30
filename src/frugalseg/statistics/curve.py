"""The table that the budget curves are drawn from: mean and interval over seeds."""

import numpy as np
import pandas as pd

from frugalseg.statistics.contrast import DECIMALS
from frugalseg.statistics.interval import mean_or_nan, t_interval
from frugalseg.statistics.score_table import select_scores

COSTS = ("images", "pixels", "seconds", "fraction")


def curve_table(
    scores: pd.DataFrame, metric: str = "dice", *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return one row per arm and round.

    Args:
        scores: the tidy table of `scores.csv`.
        metric: name in its column `metric`.
        confidence: of the t-intervals.

    Returns:
        Columns `metric, arm, round, images, pixels, seconds, fraction` (mean over the seeds),
        `n` (seeds with a finite value), `missing` (seeds of the table without one, separated by
        blanks), `mean`, `ci_low`, `ci_high` (t-interval over seeds; NaN without spread), `low`,
        `high` (least and greatest seed); arms in their order in `scores`.
    """
    seeds = {int(seed) for seed in scores["seed"]}
    chosen = select_scores(scores, metric)
    rows = [
        {"metric": metric, "arm": arm, "round": number} | _summary(cell, seeds, confidence)
        for arm in dict.fromkeys(scores["arm"])
        for number, cell in chosen[chosen["arm"] == arm].groupby("round")
    ]
    return pd.DataFrame(rows)


def _summary(cell: pd.DataFrame, seeds: set[int], confidence: float) -> dict[str, object]:
    finite = cell[np.isfinite(cell["value"])]
    values = finite["value"].to_numpy(dtype=np.float64)
    missing = sorted(seeds - {int(seed) for seed in finite["seed"]})
    costs = {name: round(float(cell[name].mean()), DECIMALS) for name in COSTS if name in cell}
    interval = t_interval(values, confidence)
    return costs | {
        "n": values.size,
        "missing": " ".join(map(str, missing)),
        "mean": mean_or_nan(values),
        "ci_low": interval.low,
        "ci_high": interval.high,
        "low": values.min() if values.size else np.nan,
        "high": values.max() if values.size else np.nan,
    }
