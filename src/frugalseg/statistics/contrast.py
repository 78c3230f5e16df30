"""A planned comparison of two arms, and the paired values it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.score_table import select_scores

Budget = Literal["final"] | float
Claim = Literal["superior", "not_worse", "equivalent"]

REACH = 0.01
"""Labels are bought in whole images, so a budget curve may end this much short of a budget."""

DECIMALS = 12
"""Differences are rounded to this many decimals, so that ties broken by arithmetic are ties."""


@dataclass(frozen=True)
class Contrast:
    """A comparison planned before any result is seen.

    Attributes:
        a, b: the arms; the claim is about `a`.
        metric: name in scores.csv.
        at: `final` = the last round of each arm; a number in (0, 1] = that labeled fraction of the
            training pool, read off each seed's budget curve by linear interpolation.
        claim: `superior` (a is better than b, by more than `margin`), `not_worse` (not worse than b
            by as much as `margin`), `equivalent` (differs from b by less than `margin`).
        margin: in units of the metric, >= 0.
    """

    a: str
    b: str
    metric: str = "dice"
    at: Budget = "final"
    claim: Claim = "superior"
    margin: float = 0.0

    def __post_init__(self) -> None:
        if self.a == self.b:
            raise FrugalsegError(
                f"A contrast needs two different arms, found {self.a!r} twice. "
                "For an A/A check give the arm a second name."
            )
        if self.claim not in ("superior", "not_worse", "equivalent"):
            raise FrugalsegError(
                f"Unknown claim {self.claim!r} in {self.a!r} against {self.b!r}. "
                "Known: superior, not_worse, equivalent."
            )
        if not 0 <= self.margin < float("inf"):
            raise FrugalsegError(f"A margin must be a number >= 0, found {self.margin!r}.")
        if self.claim != "superior" and self.margin == 0:
            raise FrugalsegError(
                f"The claim {self.claim!r} of {self.a!r} against {self.b!r} needs a margin > 0: "
                "the largest difference that would not matter."
            )
        if self.at != "final" and not (isinstance(self.at, int | float) and 0 < self.at <= 1):
            raise FrugalsegError(
                f"`at` must be 'final' or a labeled fraction in (0, 1], found {self.at!r}."
            )


@dataclass(frozen=True)
class Pairs:
    """Values of two arms under the same seeds.

    Attributes:
        seeds: the seeds of which both values exist, ascending.
        a, b: float64, one value per seed, finite.
        missing: one sentence for every seed that is left out, naming the arm and the reason.
    """

    seeds: tuple[int, ...]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    missing: tuple[str, ...]

    @property
    def differences(self) -> NDArray[np.float64]:
        """Return a - b per seed, rounded to `DECIMALS`."""
        return np.round(self.a - self.b, DECIMALS)


def select_pairs(
    scores: pd.DataFrame,
    contrast: Contrast,
    *,
    seeds: Sequence[int] | None = None,
) -> Pairs:
    """Pair the two arms of `contrast` by seed.

    Args:
        scores: the tidy table of `scores.csv`.
        contrast: the two arms, the metric and the budget.
        seeds: the planned seeds; by default every seed that any arm of `scores` has.

    Raises:
        FrugalsegError: if an arm or the metric is not in `scores`.
    """
    planned = sorted({int(seed) for seed in (scores["seed"] if seeds is None else seeds)})
    rows = select_scores(scores, contrast.metric)
    a = _values(rows, contrast.a, contrast.at, planned)
    b = _values(rows, contrast.b, contrast.at, planned)
    pairs: list[tuple[int, float, float]] = []
    missing: list[str] = []
    for seed in planned:
        value_a, value_b = a[seed], b[seed]
        if isinstance(value_a, float) and isinstance(value_b, float):
            pairs.append((seed, value_a, value_b))
        reasons = [value for value in (value_a, value_b) if isinstance(value, str)]
        missing.extend(f"seed {seed}: {reason}" for reason in reasons)
    return Pairs(
        seeds=tuple(seed for seed, _, _ in pairs),
        a=np.array([value for _, value, _ in pairs], dtype=np.float64),
        b=np.array([value for _, _, value in pairs], dtype=np.float64),
        missing=tuple(missing),
    )


def arm_values(scores: pd.DataFrame, arms: Sequence[str], metric: str = "dice") -> pd.DataFrame:
    """Return each arm's score of its last round: a row a seed, a column an arm, NaN if missing."""
    seeds = sorted({int(seed) for seed in scores["seed"]})
    rows = select_scores(scores, metric)
    table = pd.DataFrame(index=pd.Index(seeds, name="seed"))
    for arm in arms:
        values = _values(rows, arm, "final", seeds).values()
        table[arm] = [value if isinstance(value, float) else np.nan for value in values]
    return table


def _values(
    rows: pd.DataFrame, arm: str, at: Budget, seeds: Sequence[int]
) -> dict[int, float | str]:
    """Return for every seed the value of `arm`, or why there is none."""
    rows = rows[rows["arm"] == arm]
    if rows.empty:
        raise FrugalsegError(
            f"The contrasts name the arm {arm!r}, of which there are no scores. "
            "Run it, or take the contrast out of params.yaml."
        )
    last = int(rows["round"].max())
    curves = {int(str(seed)): curve for seed, curve in rows.groupby("seed")}
    return {
        seed: _read(curves[seed], arm, at, last) if seed in curves else f"{arm} has no score"
        for seed in seeds
    }


def _read(curve: pd.DataFrame, arm: str, at: Budget, last: int) -> float | str:
    if at == "final":
        final = curve.loc[curve["round"] == last, "value"]
        if final.empty:
            return f"{arm} lacks round {last}"
        value = float(final.iloc[0])
    else:
        known = curve.drop_duplicates("fraction", keep="last").sort_values("fraction")
        fractions = known["fraction"].to_numpy(dtype=np.float64)
        low, high = float(fractions[0]), float(fractions[-1])
        if not low - REACH <= at <= high + REACH:
            return f"{arm} has labels from {low:.3g} to {high:.3g} of the pool, not {at:.3g}"
        value = float(np.interp(at, fractions, known["value"].to_numpy(dtype=np.float64)))
    return value if np.isfinite(value) else f"{arm} scored {value}"
