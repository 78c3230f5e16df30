"""Planned contrasts over whole budget curves, and which arms reach the goal; paired by seed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError
from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.budget import area
from frugalseg.statistics.contrast import Pairs, pair_values
from frugalseg.statistics.interval import mean_or_nan, t_interval
from frugalseg.statistics.order import adjust_p_values
from frugalseg.statistics.paired import t_test
from frugalseg.statistics.score_table import budget_curve, select_scores

CONTRAST_COLUMNS = (
    *("a", "b", "metric", "n", "missing", "area_a", "area_b", "area_difference"),
    *("ci_low", "ci_high", "p_area", "p_area_holm"),
)
GOAL_COLUMNS = ("arm", "seed", "metric", "target", "value", "fraction", "reached")

Curves = dict[int, pd.Series]
"""The `budget_curve` of every seed of one arm."""

FULL = 0.999
"""Share of the pool from which on an arm's first round counts as fully labeled."""


def reference_arm(scores: pd.DataFrame) -> str | None:
    """Return the first arm that starts with every label, whose score sets the target, if any."""
    rounds = scores.sort_values("round", kind="stable")
    first = rounds.groupby("arm")["fraction"].first()
    return next((str(arm) for arm in dict.fromkeys(scores["arm"]) if first[arm] >= FULL), None)


def with_starts(scores: pd.DataFrame, starts: Mapping[str, str]) -> pd.DataFrame:
    """Return the scores with each arm's curve beginning where the arm it starts from ended.

    Args:
        scores: the tidy table of `scores.csv`.
        starts: arm -> the arm whose labels it adds to; names without scores are skipped.
    """
    parts = [scores]
    for arm, start in starts.items():
        before = scores[scores["arm"] == start]
        if len(before) and (scores["arm"] == arm).any():
            last = before[before["round"] == before["round"].max()]
            parts.append(last.assign(arm=arm))
    return pd.concat(parts, ignore_index=True)


def goal_table(
    scores: pd.DataFrame, reference: str | None, metric: str = "dice", *, share: float = 0.95
) -> pd.DataFrame:
    """Return for every arm and seed whether its last round has `share` of the reference's score.

    Which labels would have been enough is not read off a seed's curve: the first round of several
    noisy ones that passes the goal comes too early.

    Args:
        scores: the tidy table of `scores.csv`.
        reference: the arm whose last round sets the target, seed by seed (a full-label arm).
        metric: name in `scores`.
        share: of the reference's value; a metric of which less is better must come down to
            value / share.

    Returns:
        `GOAL_COLUMNS`: value and labeled fraction are those of the last round. Only the seeds in
        which both arms have a finite score; empty without a reference.

    Raises:
        FrugalsegError: if `reference` is not in `scores`.
    """
    rows: list[tuple[object, ...]] = []
    if reference is not None:
        curves = _curves(scores, metric, reference)
        lower = metric in LOWER_IS_BETTER
        for arm, by_seed in curves.items():
            for seed in sorted(by_seed.keys() & curves[reference].keys()):
                target = float(curves[reference][seed].iloc[-1]) * (1 / share if lower else share)
                value, fraction = float(by_seed[seed].iloc[-1]), by_seed[seed].index[-1]
                if np.isfinite([target, value]).all():
                    reached = value <= target if lower else value >= target
                    rows.append((arm, seed, metric, target, value, fraction, reached))
    return pd.DataFrame(rows, columns=list(GOAL_COLUMNS))


def budget_contrasts(
    scores: pd.DataFrame,
    contrasts: Sequence[ContrastParams],
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return one row for each pair of arms and metric of `contrasts` that both have curves.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones; their claims and budgets do not matter here.
        confidence: of the t-interval of the area difference.

    Returns:
        `a, b, metric, n, missing`; `area_a, area_b, area_difference, ci_low, ci_high, p_area,
        p_area_holm` over the range of labels that both curves of a seed share.

    Raises:
        FrugalsegError: if an arm is not in `scores`.
    """
    rows: list[dict[str, Any]] = []
    for a, b, metric in dict.fromkeys((c.a, c.b, c.metric) for c in contrasts):
        curves = _curves(scores, metric, a, b)
        if any(max(map(len, curves[arm].values())) < 2 for arm in (a, b)):
            continue
        rows.append(
            {"a": a, "b": b, "metric": metric}
            | _areas(_pair_areas(curves[a], curves[b]), confidence)
        )
    table = pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS))
    return table.assign(p_area_holm=adjust_p_values([row["p_area"] for row in rows], "holm"))


def paired_areas(scores: pd.DataFrame, a: str, b: str, metric: str) -> Pairs:
    """Return the heights of two arms' budget curves over the labels that both have, by seed.

    Args:
        scores: the tidy table of `scores.csv`, best `with_starts`.
        a: an arm. b: another one. metric: name in `scores`.
    """
    curves = _curves(scores, metric)
    return _pair_areas(curves.get(a, {}), curves.get(b, {}))


def _pair_areas(a: Curves, b: Curves) -> Pairs:
    return pair_values({s: _heights(a.get(s), b.get(s)) for s in sorted(a.keys() | b.keys())})


def _heights(a: pd.Series | None, b: pd.Series | None) -> tuple[float | str, float | str]:
    """Return the heights of the curves of one seed, or twice the reason why there are none."""
    if a is None or b is None:
        return ("only one arm has scores",) * 2
    low, high = max(a.index[0], b.index[0]), min(a.index[-1], b.index[-1])
    if not low < high:
        return ("the curves share no range of labels",) * 2
    heights = area(a, low, high), area(b, low, high)
    return heights if np.isfinite(heights).all() else ("a score is not a number",) * 2


def _areas(pairs: Pairs, confidence: float) -> dict[str, Any]:
    interval = t_interval(pairs.differences, confidence)
    return {
        "n": len(pairs.seeds),
        "missing": "; ".join(pairs.missing),
        "area_a": mean_or_nan(pairs.a),
        "area_b": mean_or_nan(pairs.b),
        "area_difference": mean_or_nan(pairs.differences),
        "ci_low": interval.low,
        "ci_high": interval.high,
        "p_area": t_test(pairs.differences),
    }


def _curves(scores: pd.DataFrame, metric: str, *required: str) -> dict[str, Curves]:
    """Return the curves of every arm; raise if a required arm has none."""
    curves: dict[str, Curves] = {}
    for (arm, seed), rows in select_scores(scores, metric).groupby(["arm", "seed"]):
        curves.setdefault(str(arm), {})[int(str(seed))] = budget_curve(rows)
    for arm in required:
        if arm not in curves:
            raise FrugalsegError(
                f"The arm {arm!r} has no scores in {metric}. Known: {', '.join(curves)}."
            )
    return curves
