"""Planning: the smallest effect a number of seeds can show, and the seeds that an effect needs.

Numbers that start from an observed effect are plans for the next study, not a verdict on this one:
at few seeds the observed effect is itself uncertain (Hoenig and Heisey, 2001).
"""

import math
from typing import Literal

from scipy import special, stats
from scipy.optimize import brentq

Alternative = Literal["two-sided", "larger"]

MOST_SEEDS = 100_000
"""An effect that needs more seeds than this is one that no number of seeds will show."""


def power_of(
    effect: float, seeds: int, *, alpha: float = 0.05, alternative: Alternative = "two-sided"
) -> float:
    """Return the power of the paired t-test, by the noncentral t distribution (Cohen, 1988).

    Equal to statsmodels' `TTestPower`, which gives NaN where the far tail underflows.

    Args:
        effect: true d_z.
        seeds: paired seeds.
        alpha: level of the test.
        alternative: `larger` for the one-sided tests of non-inferiority.

    Returns:
        In [0, 1]; NaN with fewer than two seeds.
    """
    if seeds < 2:
        return math.nan
    freedom, shift = seeds - 1, effect * math.sqrt(seeds)
    if alternative == "larger":
        return float(1 - special.nctdtr(freedom, shift, stats.t.isf(alpha, freedom)))
    critical = stats.t.isf(alpha / 2, freedom)
    far = float(special.nctdtr(freedom, abs(shift), -critical))
    near = float(1 - special.nctdtr(freedom, abs(shift), critical))
    return near + (0.0 if math.isnan(far) else far)


def smallest_effect(
    seeds: int,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> float:
    """Return the smallest d_z > 0 that the t-test shows with `power`; NaN below two seeds."""
    if seeds < 2:
        return math.nan
    high = 1.0
    while power_of(high, seeds, alpha=alpha, alternative=alternative) < power:
        high *= 2

    def shortfall(effect: float) -> float:
        return power_of(effect, seeds, alpha=alpha, alternative=alternative) - power

    return float(brentq(shortfall, 0.0, high, xtol=1e-10))


def seeds_needed(
    effect: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> float:
    """Return the fewest seeds with which the t-test shows a true d_z of `effect` with `power`.

    Args:
        effect: d_z; its sign counts with `larger` and does not with `two-sided`.
        power: wanted chance of showing it.
        alpha: level of the test.
        alternative: as in `power_of`.

    Returns:
        A whole number >= 2; `inf` beyond `MOST_SEEDS`; NaN if `effect` is NaN.
    """
    if math.isnan(effect):
        return math.nan
    effect = abs(effect) if alternative == "two-sided" else effect
    low, high = 1, 2
    while high <= MOST_SEEDS and not _enough(effect, high, power, alpha, alternative):
        low, high = high, 2 * high
    if effect <= 0 or high > MOST_SEEDS:
        return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        if _enough(effect, middle, power, alpha, alternative):
            high = middle
        else:
            low = middle
    return float(high)


def _enough(
    effect: float, seeds: int, power: float, alpha: float, alternative: Alternative
) -> bool:
    return power_of(effect, seeds, alpha=alpha, alternative=alternative) >= power
