"""Forecasts of every learning curve of a study, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.forecast.forecast import DOUBLINGS, Forecast, forecast, label_curve

COLUMNS = (
    *("metric", "arm", "budgets", "seeds", "images", "seconds", "ratio"),
    *("score", "low", "high", "gain", "gain_low", "gain_high", "flat"),
)
TARGET_COLUMNS = (
    *("metric", "arm", "target", "state", "images", "images_low", "images_high"),
    *("seconds", "seconds_low", "seconds_high", "level", "level_low", "level_high", "still_rising"),
)
RATIOS = 2.0 ** np.arange(0, 3.01, 0.25)
"""Budgets of the table, as multiples of the last one."""
STEP = 0.05
"""Targets that nobody asked for are the next three multiples of this."""
RISING = 0.01
"""A curve that gains less than this with the last doubling that is forecast has leveled off."""


class Tables(NamedTuple):
    """`forecast` has `COLUMNS`, a row a budget; `targets` has `TARGET_COLUMNS`."""

    forecast: pd.DataFrame
    targets: pd.DataFrame


def forecast_tables(
    scores: pd.DataFrame,
    curves: Mapping[str, Sequence[str]],
    metric: str,
    rng: np.random.Generator,
    *,
    targets: Sequence[float] = (),
    images: Sequence[float] = (),
) -> Tables:
    """Return what every learning curve says of larger budgets.

    Args:
        scores: the tidy table of `scores.csv`.
        curves: name of a curve -> the arms whose rounds make it up.
        metric: name in `scores`; one of which less is better is not forecast.
        rng: every curve draws from its own child of it.
        targets: scores to reach; by default the next multiples of `STEP`.
        images: numbers of labeled images to forecast, besides `RATIOS`.

    Returns:
        Empty tables if no curve has enough budgets and seeds.
    """
    rows: list[dict[str, Any]] = []
    wanted: list[dict[str, Any]] = []
    if metric not in LOWER_IS_BETTER:
        for (name, arms), child in zip(curves.items(), rng.spawn(len(curves)), strict=True):
            curve = label_curve(scores, arms, metric)
            if curve is None:
                continue
            result = forecast(curve, child)
            last = curve.images[-1]
            ratios = sorted({*RATIOS, *(number / last for number in images if number > last)})
            key = {"metric": metric, "arm": name}
            rows += [key | _budget(result, ratio) for ratio in ratios]
            asked = targets or next_targets(result)
            wanted += [key | _target(result, value) for value in asked]
    return Tables(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        pd.DataFrame(wanted, columns=list(TARGET_COLUMNS)),
    )


def next_targets(result: Forecast) -> list[float]:
    """Return the next three multiples of `STEP` above the expected score at the last budget."""
    first = np.floor(result.score(1)[0] / STEP + 1e-9) + 1
    steps = [round(float(STEP * (first + k)), 2) for k in range(3)]
    return [value for value in steps if value < 1]


def _budget(result: Forecast, ratio: float) -> dict[str, Any]:
    score, bounds = result.score(ratio)
    gain, gain_bounds = result.gain(ratio)
    return {
        "budgets": len(result.curve.seconds),
        "seeds": len(result.curve.scores),
        "images": result.curve.images[-1] * ratio,
        "seconds": result.curve.seconds[-1] * ratio,
        "ratio": ratio,
        "score": score,
        "low": bounds.low,
        "high": bounds.high,
        "gain": gain,
        "gain_low": gain_bounds.low,
        "gain_high": gain_bounds.high,
        "flat": result.flat,
    }


def _target(result: Forecast, value: float) -> dict[str, Any]:
    state, *ratios = result.target(value)
    images, seconds = result.curve.images[-1], result.curve.seconds[-1]
    end = 2.0 ** DOUBLINGS[-1]
    level, bounds = result.score(end)
    return {
        "target": value,
        "state": state,
        **{f"images{part}": images * r for part, r in zip(PARTS, ratios, strict=True)},
        **{f"seconds{part}": seconds * r for part, r in zip(PARTS, ratios, strict=True)},
        "level": level,
        "level_low": bounds.low,
        "level_high": bounds.high,
        "still_rising": level - result.score(end / 2)[0] > RISING,
    }


PARTS = ("", "_low", "_high")
