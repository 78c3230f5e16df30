"""The paired values of two arms that a planned contrast rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.score_table import budget_curve, select_scores

REACH = 0.01
"""Labels are bought in whole images, so a budget curve may end this much short of a budget."""

DECIMALS = 12
"""Differences are rounded to this many decimals, so that ties broken by arithmetic are ties."""


@dataclass(frozen=True)
class Pairs:
    """Values of two arms under the same seeds.

    Attributes:
        seeds: the seeds of which both values exist, ascending.
        a, b: float64, one value per seed, finite.
        missing: one sentence for every value that is missing, with its seed and the reason.
    """

    seeds: tuple[int, ...]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    missing: tuple[str, ...]

    @property
    def differences(self) -> NDArray[np.float64]:
        """Return a - b per seed, rounded to `DECIMALS`."""
        return np.round(self.a - self.b, DECIMALS)


def pair_values(values: Mapping[int, tuple[float | str, float | str]]) -> Pairs:
    """Keep the seeds in which both arms have a value.

    Args:
        values: seed -> the values of a and b; a string is the reason why there is none.
    """
    reasons = {
        seed: [value for value in dict.fromkeys(pair) if isinstance(value, str)]
        for seed, pair in values.items()
    }
    seeds = [seed for seed in values if not reasons[seed]]
    a, b = np.array([values[seed] for seed in seeds], dtype=np.float64).reshape(-1, 2).T
    missing = (f"seed {seed}: {reason}" for seed in values for reason in reasons[seed])
    return Pairs(tuple(seeds), a, b, tuple(missing))


def select_pairs(
    scores: pd.DataFrame, contrast: ContrastParams, *, seeds: Sequence[int] | None = None
) -> Pairs:
    """Pair the two arms of `contrast` by seed; as `select_values`."""
    return pair_values(select_values(scores, contrast, seeds=seeds))


def select_values(
    scores: pd.DataFrame, contrast: ContrastParams, *, seeds: Sequence[int] | None = None
) -> dict[int, tuple[float | str, float | str]]:
    """Return for each seed the values of both arms, or why one is missing, as `pair_values` takes.

    Args:
        scores: the tidy table of `scores.csv`.
        contrast: the two arms, the metric and the budget.
        seeds: the planned seeds; by default every seed that any arm of `scores` has.

    Raises:
        FrugalsegError: if an arm or the metric is not in `scores`.
    """
    planned = sorted({int(seed) for seed in (scores["seed"] if seeds is None else seeds)})
    rows = select_scores(scores, contrast.metric)
    a, b = (_values(rows, arm, contrast.at, planned) for arm in (contrast.a, contrast.b))
    return {seed: (a[seed], b[seed]) for seed in planned}


def _values(
    rows: pd.DataFrame, arm: str, at: Literal["final"] | float, seeds: Sequence[int]
) -> dict[int, float | str]:
    """Return for every seed the value of `arm`, or why there is none."""
    rows = rows[rows["arm"] == arm]
    if rows.empty:
        raise FrugalsegError(
            f"The contrasts name the arm {arm!r}, which has no scores. "
            "Run it, or take the contrast out of params.yaml."
        )
    last = int(rows["round"].max())
    return {seed: _value(rows[rows["seed"] == seed], arm, at, last) for seed in seeds}


def _value(rows: pd.DataFrame, arm: str, at: Literal["final"] | float, last: int) -> float | str:
    if rows.empty:
        return f"{arm} has no score"
    if at == "final":
        final = rows.loc[rows["round"] == last, "value"]
        if final.empty:
            return f"{arm} lacks round {last}"
        value = float(final.iloc[0])
    else:
        curve = budget_curve(rows)
        low, high = curve.index[0], curve.index[-1]
        if not low - REACH <= at <= high + REACH:
            return f"{arm} has labels from {low:.3g} to {high:.3g} of the pool, not {at:.3g}"
        value = float(np.interp(at, curve.index, curve))
    return value if np.isfinite(value) else f"{arm} scored {value}"
