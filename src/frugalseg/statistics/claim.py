"""What a contrast claims: the p-values its sentence rests on, and the seeds it asks for."""

import math

import numpy as np
from numpy.typing import NDArray

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.settings.study import Claim, ContrastParams
from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.order import Levels
from frugalseg.statistics.paired import Alternative, sign_flip, t_test
from frugalseg.statistics.power import Sides, seeds_needed, smallest_effect


def improvement_sign(contrast: ContrastParams) -> int:
    """Return what a difference is multiplied with, so that positive is better."""
    return -1 if contrast.metric in LOWER_IS_BETTER else 1


def claim_p(
    improvements: NDArray[np.float64],
    contrast: ContrastParams,
    rng: np.random.Generator,
    *,
    resamples: int = 9999,
) -> float:
    """Return the p-value of the claim.

    `superior`: two-sided t-test of mean = 0. `not_worse`: one-sided t-test of mean <= -margin
    (non-inferiority). `equivalent`: `same_p`. docs/development/trust.md measures that these keep
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
    if contrast.claim == "equivalent":
        return same_p(improvements, contrast.margin, rng, resamples=resamples)
    if contrast.claim == "superior":
        return _p(improvements, 0.0, "two-sided", rng, resamples)
    return _p(improvements, -contrast.margin, "greater", rng, resamples)


def same_p(
    improvements: NDArray[np.float64],
    margin: float,
    rng: np.random.Generator,
    *,
    resamples: int = 9999,
) -> float:
    """Return the p-value of "practically the same", the true mean lying within +-`margin`.

    It is the larger p of two one-sided t-tests, of mean <= -margin and of mean >= margin (TOST;
    Schuirmann, 1987); arguments and the case without spread as in `claim_p`.

    Returns:
        In [0, 1]; NaN with fewer than two pairs.
    """
    above = _p(improvements, -margin, "greater", rng, resamples)
    return max(above, _p(improvements, margin, "less", rng, resamples))


def _p(
    improvements: NDArray[np.float64],
    null: float,
    alternative: Alternative,
    rng: np.random.Generator,
    resamples: int,
) -> float:
    if improvements.size < 2:
        return math.nan
    if is_constant(improvements):
        return sign_flip(improvements - null, rng, resamples=resamples, alternative=alternative)
    return t_test(improvements, null=null, alternative=alternative)


def planned_seeds(
    improvements: NDArray[np.float64], contrast: ContrastParams, levels: Levels, *, power: float
) -> float:
    """Return the seeds with which the contrast would be decided if the observed effect were true.

    `superior` with a margin is decided by a difference or by its absence, whichever takes fewer.

    Returns:
        A whole number >= 2; `inf` if no number of seeds would do; NaN without spread.
    """
    if is_constant(improvements):
        return math.nan
    spread = float(np.std(improvements, ddof=1))
    effect, margin = float(np.mean(improvements)) / spread, contrast.margin / spread
    distances: dict[Claim, float] = {
        "superior": abs(effect),
        "not_worse": margin + effect,
        "equivalent": margin - abs(effect),
    }
    return min(
        seeds_to_show(claim, distances[claim], power=power, alpha=level)
        for claim, level in tests_of(contrast, levels)
    )


def tests_of(contrast: ContrastParams, levels: Levels) -> list[tuple[Claim, float]]:
    """Return the tests that can decide a contrast, as claims with their levels, its own first."""
    own = (contrast.claim, levels.claim)
    return [own, ("equivalent", levels.same)] if contrast.tests_sameness else [own]


def detectable_effect(
    improvements: NDArray[np.float64], claim: Claim, *, power: float, alpha: float
) -> float:
    """Return how small an effect these seeds can show, in units of the metric, at this spread.

    `superior`: the smallest true difference. `not_worse`, `equivalent`: the smallest margin that
    could be kept if the arms were truly equal. NaN without spread.
    """
    if is_constant(improvements):
        return math.nan
    effect = smallest_d_z(improvements.size, claim, power=power, alpha=alpha)
    return effect * float(np.std(improvements, ddof=1))


def seeds_to_show(claim: Claim, distance: float, *, power: float, alpha: float) -> float:
    """Return the fewest seeds that show a claim; as `power.seeds_needed`.

    Args:
        claim: what is to be shown.
        distance: true distance from what the claim denies, 0 or the nearer margin, in standard
            deviations; negative if the claim is false.
        power: chance of showing it.
        alpha: level of its test.
    """
    alternative, part = _test_of(claim, power)
    return seeds_needed(distance, power=part, alpha=alpha, alternative=alternative)


def smallest_d_z(seeds: int, claim: Claim, *, power: float, alpha: float) -> float:
    """Return what `detectable_effect` returns, in standard deviations; NaN below two seeds."""
    alternative, part = _test_of(claim, power)
    return smallest_effect(seeds, power=part, alpha=alpha, alternative=alternative)


def _test_of(claim: Claim, power: float) -> tuple[Sides, float]:
    """Return the kind of t-test behind a claim, and the power that each of its parts needs."""
    if claim == "superior":
        return "two-sided", power
    # Both one-sided tests of TOST must succeed; at a true difference of 0 each may miss half as
    # often.
    return "greater", power if claim == "not_worse" else (1 + power) / 2
