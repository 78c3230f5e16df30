"""Forecasts of every learning curve of a study, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.forecast.forecast import (
    DOUBLINGS,
    Forecast,
    LabelCurve,
    forecast,
    label_curve,
)

COLUMNS = (
    *("metric", "arm", "part", "unit", "budgets", "seeds", "images", "seconds", "ratio"),
    *("score", "low", "high", "gain", "gain_low", "gain_high", "flat"),
)
TARGET_COLUMNS = (
    *("metric", "arm", "target", "state", "images", "images_low", "images_high"),
    *("seconds", "seconds_low", "seconds_high", "level", "level_low", "level_high", "still_rising"),
)
RATIOS = 2.0 ** np.arange(0, 3.01, 0.25)
"""Budgets of the table, as multiples of the last one."""
MOST = 2.0 ** DOUBLINGS[-1]
HOUR = 3600.0
"""Seconds; the table also has the budget of one more hour of annotation."""
PARTS = ("", "_low", "_high")
STEP = 0.05
"""Targets that nobody asked for are the next three multiples of this."""
RISING = 0.01
"""A curve that gains less than this with the last doubling that is forecast has leveled off."""


class Tables(NamedTuple):
    """What `forecast_tables` returns.

    Attributes:
        forecast: `COLUMNS`; a row a budget. `part` is `measured` (score is the mean over seeds, low
            and high its extremes) or `forecast`; `unit` is `masks`, or `time` for curves along
            which the cost of an image varies, as with regions.
        targets: `TARGET_COLUMNS`; of numbers that are not known the upper end is infinite.
    """

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
            key = {"metric": metric, "arm": name}
            facts = key | _facts(result)
            further = [number / curve.images[-1] for number in images]
            further.append(1 + HOUR / curve.seconds[-1])
            ratios = sorted({*RATIOS, *(ratio for ratio in further if 1 < ratio <= MOST)})
            rows += [facts | measured for measured in _measured(curve)]
            rows += [facts | _budget(result, ratio) for ratio in ratios]
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


def _facts(result: Forecast) -> dict[str, Any]:
    curve = result.curve
    prices = curve.seconds / np.maximum(curve.images, 1e-9)
    return {
        "unit": "masks" if np.ptp(prices) <= 0.01 * prices.max() else "time",
        "budgets": len(curve.seconds),
        "seeds": len(curve.scores),
        "flat": result.flat,
    }


def _measured(curve: LabelCurve) -> list[dict[str, Any]]:
    return [
        {
            "part": "measured",
            "images": images,
            "seconds": seconds,
            "ratio": seconds / curve.seconds[-1],
            "score": scores.mean(),
            "low": scores.min(),
            "high": scores.max(),
        }
        for images, seconds, scores in zip(curve.images, curve.seconds, curve.scores.T, strict=True)
    ]


def _budget(result: Forecast, ratio: float) -> dict[str, Any]:
    score, bounds = result.score(ratio)
    gain, gain_bounds = result.gain(ratio)
    return {
        "part": "forecast",
        "images": result.curve.images[-1] * ratio,
        "seconds": result.curve.seconds[-1] * ratio,
        "ratio": ratio,
        "score": score,
        "low": bounds.low,
        "high": bounds.high,
        "gain": gain,
        "gain_low": gain_bounds.low,
        "gain_high": gain_bounds.high,
    }


def _target(result: Forecast, value: float) -> dict[str, Any]:
    state, *ratios = result.target(value)
    images, seconds = result.curve.images[-1], result.curve.seconds[-1]
    level, bounds = result.score(MOST)
    return {
        "target": value,
        "state": state,
        **{f"images{part}": images * r for part, r in zip(PARTS, ratios, strict=True)},
        **{f"seconds{part}": seconds * r for part, r in zip(PARTS, ratios, strict=True)},
        "level": level,
        "level_low": bounds.low,
        "level_high": bounds.high,
        "still_rising": level - result.score(MOST / 2)[0] > RISING,
    }
