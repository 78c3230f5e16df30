"""Planning: the smallest effect a number of seeds can show, and the seeds that an effect needs.

Numbers that start from an observed effect are plans for the next study, not a verdict on this one:
at few seeds the observed effect is itself uncertain (Hoenig and Heisey, 2001).
"""

import math
from bisect import bisect_left
from typing import Literal

from scipy import special, stats
from scipy.optimize import brentq

Sides = Literal["two-sided", "greater"]

MOST_SEEDS = 100_000
"""An effect that needs more seeds than this counts as one that no number of seeds will show."""


def power_of(
    effect: float, seeds: int, *, alpha: float = 0.05, alternative: Sides = "two-sided"
) -> float:
    """Return the power of the paired t-test, by the noncentral t distribution (Cohen, 1988).

    Equal to statsmodels' `TTestPower`, which gives NaN where the far tail underflows.

    Args:
        effect: true d_z.
        seeds: paired seeds.
        alpha: level of the test.
        alternative: `two-sided`, or `greater` for the one-sided tests of non-inferiority.

    Returns:
        In [0, 1]; NaN with fewer than two seeds.
    """
    if seeds < 2:
        return math.nan
    freedom, shift = seeds - 1, effect * math.sqrt(seeds)
    if alternative == "greater":
        return float(1 - special.nctdtr(freedom, shift, stats.t.isf(alpha, freedom)))
    critical = stats.t.isf(alpha / 2, freedom)
    far = float(special.nctdtr(freedom, abs(shift), -critical))
    near = float(1 - special.nctdtr(freedom, abs(shift), critical))
    return near + (0.0 if math.isnan(far) else far)


def smallest_effect(
    seeds: int, *, power: float = 0.8, alpha: float = 0.05, alternative: Sides = "two-sided"
) -> float:
    """Return the smallest d_z > 0 that the t-test shows with `power`; NaN below two seeds."""
    if seeds < 2:
        return math.nan

    def surplus(effect: float) -> float:
        return power_of(effect, seeds, alpha=alpha, alternative=alternative) - power

    high = 1.0
    while surplus(high) < 0:
        high *= 2
    return float(brentq(surplus, 0.0, high, xtol=1e-10))


def seeds_needed(
    effect: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: Sides = "two-sided",
) -> float:
    """Return the fewest seeds with which the t-test shows a true d_z of `effect` with `power`.

    Args:
        effect: d_z; its sign counts with `greater` and does not with `two-sided`.
        power: required chance of showing it.
        alpha: level of the test.
        alternative: as in `power_of`.

    Returns:
        A whole number >= 2; `inf` beyond `MOST_SEEDS`; NaN if `effect` is NaN.
    """
    if math.isnan(effect):
        return math.nan
    if effect == 0 or (effect < 0 and alternative == "greater"):
        return math.inf

    def enough(seeds: int) -> bool:
        return power_of(effect, seeds, alpha=alpha, alternative=alternative) >= power

    high = 2
    while not enough(high):
        high *= 2
        if high > MOST_SEEDS:
            return math.inf
    low = high // 2
    return float(low + bisect_left(range(low, high), True, key=enough))
