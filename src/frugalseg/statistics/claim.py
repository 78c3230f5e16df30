"""What a contrast claims: the one p-value its sentence rests on, and the seeds it asks for."""

import math

import numpy as np
from numpy.typing import NDArray

from frugalseg.settings.study import Claim, ContrastParams
from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.paired import Alternative, sign_flip, t_test
from frugalseg.statistics.power import Sides, seeds_needed, smallest_effect


def claim_p(
    improvements: NDArray[np.float64],
    contrast: ContrastParams,
    rng: np.random.Generator,
    *,
    resamples: int = 9999,
) -> float:
    """Return the p-value that decides the sentence.

    `superior`: two-sided t-test of mean = margin. `not_worse`: one-sided t-test of mean <= -margin
    (non-inferiority). `equivalent`: the larger p of two one-sided t-tests, of mean <= -margin and
    of mean >= margin (TOST; Schuirmann, 1987). docs/development/trust.md measures that these keep
    their error rate. If every seed gives the same difference there is no spread for a t-test, and
    sign flips around the same margin take its place: they need no spread, but enough seeds.

    Args:
        improvements: float64, shape (n,), positive where a is better.
        contrast: the claim and its margin.
        rng: generator of sign flips beyond 16 seeds.
        resamples: number of those.

    Returns:
        In [0, 1]; NaN with fewer than two pairs.
    """
    if improvements.size < 2:
        return math.nan

    def p(null: float, alternative: Alternative) -> float:
        if is_constant(improvements):
            shifted = improvements - null
            return sign_flip(shifted, rng, resamples=resamples, alternative=alternative)
        return t_test(improvements, null=null, alternative=alternative)

    if contrast.claim == "superior":
        return p(contrast.margin, "two-sided")
    above = p(-contrast.margin, "greater")
    return above if contrast.claim == "not_worse" else max(above, p(contrast.margin, "less"))


def planned_seeds(
    improvements: NDArray[np.float64], contrast: ContrastParams, *, power: float, alpha: float
) -> float:
    """Return the seeds with which the claim would be shown if the observed effect were true.

    `inf` if no number of seeds would do; NaN without spread.
    """
    if is_constant(improvements):
        return math.nan
    mean, spread = float(np.mean(improvements)), float(np.std(improvements, ddof=1))
    room = {
        "superior": mean - contrast.margin,
        "not_worse": mean + contrast.margin,
        "equivalent": contrast.margin - abs(mean),
    }[contrast.claim]
    if room <= 0:
        return math.inf
    alternative, power = _test_of(contrast.claim, power)
    return seeds_needed(room / spread, power=power, alpha=alpha, alternative=alternative)


def detectable_effect(
    improvements: NDArray[np.float64], contrast: ContrastParams, *, power: float, alpha: float
) -> float:
    """Return how small an effect these seeds can show, in units of the metric, at this spread.

    `superior`: the smallest true difference beyond the margin. `not_worse`, `equivalent`: the
    smallest margin that could be kept if the arms were truly equal. NaN without spread.
    """
    if is_constant(improvements):
        return math.nan
    alternative, power = _test_of(contrast.claim, power)
    effect = smallest_effect(improvements.size, power=power, alpha=alpha, alternative=alternative)
    return effect * float(np.std(improvements, ddof=1))


def _test_of(claim: Claim, power: float) -> tuple[Sides, float]:
    """Return the kind of t-test behind a claim, and the power that each of its parts needs."""
    if claim == "superior":
        return "two-sided", power
    # Both one-sided tests of TOST must succeed; at a true difference of 0 each may miss half as
    # often.
    return "greater", power if claim == "not_worse" else (1 + power) / 2
