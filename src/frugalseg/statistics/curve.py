"""The table that the budget curves are drawn from: mean and interval over seeds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from frugalseg.statistics.contrast import DECIMALS
from frugalseg.statistics.interval import t_interval
from frugalseg.statistics.score_table import select_scores

COSTS = ("images", "pixels", "seconds", "fraction")


def curve_table(
    scores: pd.DataFrame,
    metrics: Sequence[str] = ("dice",),
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return one row per metric, arm and round.

    Args:
        scores: the tidy table of `scores.csv`.
        metrics: names in its column `metric`.
        confidence: of the t-intervals.

    Returns:
        Columns `metric, arm, round, images, pixels, seconds, fraction` (mean over the seeds),
        `n` (seeds with a finite value), `missing` (seeds of the table without one, separated by
        blanks), `mean`, `ci_low`, `ci_high` (t-interval over seeds; NaN without spread), `low`,
        `high` (least and greatest seed); arms in their order in `scores`.
    """
    seeds = sorted({int(seed) for seed in scores["seed"]})
    order = {arm: place for place, arm in enumerate(dict.fromkeys(scores["arm"]))}
    rows: list[dict[str, object]] = []
    for metric in metrics:
        chosen = select_scores(scores, metric)
        cells = {
            (order[arm], number): cell
            for arm, curve in chosen.groupby("arm")
            for number, cell in curve.groupby("round")
        }
        for _, cell in sorted(cells.items(), key=lambda item: item[0]):
            head = {"metric": metric, "arm": cell["arm"].iloc[0], "round": cell["round"].iloc[0]}
            rows.append(head | _summary(cell, seeds, confidence))
    return pd.DataFrame(rows)


def _summary(cell: pd.DataFrame, seeds: Sequence[int], confidence: float) -> dict[str, object]:
    finite = cell[np.isfinite(cell["value"])]
    values = finite["value"].to_numpy(dtype=np.float64)
    missing = sorted(set(seeds) - {int(seed) for seed in finite["seed"]})
    costs = {name: round(float(cell[name].mean()), DECIMALS) for name in COSTS if name in cell}
    interval = t_interval(values, confidence)
    return costs | {
        "n": values.size,
        "missing": " ".join(map(str, missing)),
        "mean": float(values.mean()) if values.size else np.nan,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "low": float(values.min()) if values.size else np.nan,
        "high": float(values.max()) if values.size else np.nan,
    }
