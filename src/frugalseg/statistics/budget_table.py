"""Planned contrasts over whole budget curves: area and labels-to-target, paired by seed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from frugalseg.core.errors import FrugalsegError
from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.budget import Crossing, area, earlier, labels_to
from frugalseg.statistics.contrast import Contrast, Pairs
from frugalseg.statistics.interval import t_interval
from frugalseg.statistics.paired import holm, t_test
from frugalseg.statistics.score_table import select_scores

CONTRAST_COLUMNS = (
    *("a", "b", "metric", "n", "missing", "area_a", "area_b", "area_difference"),
    *("ci_low", "ci_high", "p_area", "p_area_holm", "a_earlier", "b_earlier", "undecided"),
    *("p_labels", "both_reached", "labels_difference"),
)


class Curve(NamedTuple):
    """One seed of one arm over its rounds; both float64, shape (rounds,)."""

    fractions: NDArray[np.float64]
    values: NDArray[np.float64]


Curves = dict[str, dict[int, Curve]]

FULL = 0.999
"""Share of the pool from which on an arm's first round counts as fully labeled."""


def reference_arm(scores: pd.DataFrame) -> str | None:
    """Return the first arm that starts with every label, whose score sets the target, if any."""
    first = scores.sort_values("round", kind="stable").groupby("arm", sort=False)["fraction"]
    begun = first.first()
    return next((str(arm) for arm in dict.fromkeys(scores["arm"]) if begun[arm] >= FULL), None)


def with_starts(scores: pd.DataFrame, starts: Mapping[str, str]) -> pd.DataFrame:
    """Return the scores with each arm's curve beginning where the arm it starts from ended.

    Args:
        scores: the tidy table of `scores.csv`.
        starts: arm -> the arm whose labels it adds to; names without scores are passed over.
    """
    parts = [scores]
    for arm, start in starts.items():
        before = scores[scores["arm"] == start]
        if len(before) and (scores["arm"] == arm).any():
            last = before[before["round"] == before["round"].max()]
            parts.append(last.assign(arm=arm))
    return pd.concat(parts, ignore_index=True)


def labels_table(
    scores: pd.DataFrame,
    reference: str,
    metric: str = "dice",
    *,
    share: float = 0.95,
) -> pd.DataFrame:
    """Return for every arm and seed the labels at which `share` of the reference is reached.

    Args:
        scores: the tidy table of `scores.csv`.
        reference: the arm whose last round sets the target, seed by seed (a full-label arm).
        metric: name in `scores`.
        share: of the reference's value; a metric of which less is better must come down to
            value / share.

    Returns:
        Columns `arm, seed, metric, target, labels, state`; `state` is that of `Crossing`, or
        `no target` (labels and target NaN) where the reference has no score.

    Raises:
        FrugalsegError: if `reference` is not in `scores`.
    """
    curves = _curves(scores, metric)
    lower = metric in LOWER_IS_BETTER
    targets = _targets(curves, reference, share, lower)
    rows: list[dict[str, Any]] = []
    for arm, by_seed in curves.items():
        for seed, curve in by_seed.items():
            target = targets.get(seed, np.nan)
            crossing = labels_to(*curve, target, lower_is_better=lower)
            known = np.isfinite(target)
            rows.append(
                {
                    "arm": arm,
                    "seed": seed,
                    "metric": metric,
                    "target": target,
                    "labels": crossing.fraction if known else np.nan,
                    "state": crossing.state if known else "no target",
                }
            )
    return pd.DataFrame(rows)


def budget_contrasts(
    scores: pd.DataFrame,
    contrasts: Sequence[Contrast],
    reference: str | None,
    *,
    share: float = 0.95,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return one row for each pair of arms and metric of `contrasts` that both have curves.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones; their claims and budgets do not matter here.
        reference: as in `labels_table`; None leaves the labels to a target open.
        share: as in `labels_table`.
        confidence: of the t-interval of the area difference.

    Returns:
        `a, b, metric, n, missing`; `area_a, area_b, area_difference, ci_low, ci_high, p_area,
        p_area_holm` over the range of labels that both curves of a seed share; `a_earlier,
        b_earlier, undecided` (seeds; see `budget.earlier`), `p_labels` (exact sign test over the
        decided seeds), `both_reached` and `labels_difference` (mean over the seeds in which both
        crossings are known).
    """
    rows: list[dict[str, Any]] = []
    for a, b, metric in dict.fromkeys((c.a, c.b, c.metric) for c in contrasts):
        curves = _curves(scores, metric)
        for arm in (a, b):
            if arm not in curves:
                raise FrugalsegError(f"No scores of arm {arm!r}. Known: {', '.join(curves)}.")
        if _rounds(curves[a]) < 2 or _rounds(curves[b]) < 2:
            continue
        lower = metric in LOWER_IS_BETTER
        targets = _targets(curves, reference, share, lower)
        rows.append(
            {"a": a, "b": b, "metric": metric}
            | _areas(curves[a], curves[b], confidence)
            | _labels(curves[a], curves[b], targets, lower)
        )
    for row, p in zip(rows, holm([row["p_area"] for row in rows]), strict=True):
        row["p_area_holm"] = float(p)
    return pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS))


def paired_areas(scores: pd.DataFrame, a: str, b: str, metric: str) -> Pairs:
    """Return the heights of two arms' budget curves over the labels that both have, by seed.

    Args:
        scores: the tidy table of `scores.csv`, best `with_starts`.
        a: an arm. b: another one. metric: name in `scores`.
    """
    curves = _curves(scores, metric)
    return _paired_areas(curves.get(a, {}), curves.get(b, {}))


def _paired_areas(a: dict[int, Curve], b: dict[int, Curve]) -> Pairs:
    pairs: dict[int, tuple[float, float]] = {}
    missing: list[str] = []
    for seed in sorted(a.keys() | b.keys()):
        if seed not in a or seed not in b:
            missing.append(f"seed {seed}: only one arm has scores")
            continue
        low = max(a[seed].fractions.min(), b[seed].fractions.min())
        high = min(a[seed].fractions.max(), b[seed].fractions.max())
        if not low < high:
            missing.append(f"seed {seed}: the curves share no range of labels")
            continue
        pair = (area(*a[seed], low, high), area(*b[seed], low, high))
        if np.isfinite(pair).all():
            pairs[seed] = pair
        else:
            missing.append(f"seed {seed}: a score is not a number")
    found = np.array(list(pairs.values()), dtype=np.float64).reshape(-1, 2)
    return Pairs(tuple(pairs), found[:, 0], found[:, 1], tuple(missing))


def _areas(a: dict[int, Curve], b: dict[int, Curve], confidence: float) -> dict[str, Any]:
    pairs = _paired_areas(a, b)
    any_seed = bool(pairs.seeds)
    interval = t_interval(pairs.differences, confidence)
    return {
        "n": len(pairs.seeds),
        "missing": "; ".join(pairs.missing),
        "area_a": pairs.a.mean() if any_seed else np.nan,
        "area_b": pairs.b.mean() if any_seed else np.nan,
        "area_difference": pairs.differences.mean() if any_seed else np.nan,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "p_area": t_test(pairs.differences),
    }


def _labels(
    a: dict[int, Curve], b: dict[int, Curve], targets: dict[int, float], lower: bool
) -> dict[str, Any]:
    pairs: list[tuple[Crossing, Crossing]] = [
        (
            labels_to(*a[seed], target, lower_is_better=lower),
            labels_to(*b[seed], target, lower_is_better=lower),
        )
        for seed, target in targets.items()
        if seed in a and seed in b
    ]
    orders = [earlier(*pair) for pair in pairs]
    first, second = orders.count(1), orders.count(-1)
    gaps = [x.fraction - y.fraction for x, y in pairs if x.state == y.state == "reached"]
    decided = first + second
    return {
        "a_earlier": first,
        "b_earlier": second,
        "undecided": len(pairs) - decided,
        "p_labels": float(stats.binomtest(first, decided).pvalue) if decided else np.nan,
        "both_reached": len(gaps),
        "labels_difference": float(np.mean(gaps)) if gaps else np.nan,
    }


def _targets(curves: Curves, reference: str | None, share: float, lower: bool) -> dict[int, float]:
    if reference is None:
        return {}
    if reference not in curves:
        raise FrugalsegError(
            f"The reference arm {reference!r} has no scores. Known: {', '.join(curves)}."
        )
    ends = {seed: float(curve.values[-1]) for seed, curve in curves[reference].items()}
    scale = 1 / share if lower else share
    return {seed: end * scale for seed, end in ends.items() if np.isfinite(end)}


def _curves(scores: pd.DataFrame, metric: str) -> Curves:
    """Return every arm's curve of every seed, in order of rounds."""
    rows = select_scores(scores, metric)
    curves: Curves = {}
    for arm, of_arm in rows.groupby("arm"):
        for seed, cell in of_arm.groupby("seed"):
            pair = cell[["fraction", "value"]].to_numpy(dtype=np.float64)
            curves.setdefault(str(arm), {})[int(str(seed))] = Curve(pair[:, 0], pair[:, 1])
    return curves


def _rounds(by_seed: dict[int, Curve]) -> int:
    return max(len(np.unique(curve.fractions)) for curve in by_seed.values())
