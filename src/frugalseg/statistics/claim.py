"""What a contrast claims: the one p-value its sentence rests on, and the seeds it asks for."""

import math

import numpy as np
from numpy.typing import NDArray

from frugalseg.statistics.contrast import Claim, Contrast
from frugalseg.statistics.equivalence import non_inferiority, tost
from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.paired import sign_flip, t_test
from frugalseg.statistics.power import Alternative, seeds_needed, smallest_effect


def claim_p(
    improvements: NDArray[np.float64],
    contrast: Contrast,
    rng: np.random.Generator,
    *,
    resamples: int = 9999,
) -> float:
    """Return the p-value that decides the sentence.

    `superior`: two-sided t-test of mean = margin; `not_worse`: one-sided t-test; `equivalent`:
    TOST. docs/development/trust.md measures that these keep their error rate. If every seed gives
    the same difference there is no spread for a t-test, and sign flips around the same margin take
    its place: they need no spread, but enough seeds.

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
    if is_constant(improvements):
        return _flip_p(improvements, contrast, rng, resamples)
    if contrast.claim == "superior":
        return t_test(improvements, null=contrast.margin)
    if contrast.claim == "not_worse":
        return non_inferiority(improvements, contrast.margin)
    return tost(improvements, contrast.margin)


def _flip_p(
    improvements: NDArray[np.float64],
    contrast: Contrast,
    rng: np.random.Generator,
    resamples: int,
) -> float:
    if contrast.claim == "superior":
        return sign_flip(improvements - contrast.margin, rng, resamples=resamples)
    above = sign_flip(
        improvements + contrast.margin, rng, resamples=resamples, alternative="greater"
    )
    if contrast.claim == "not_worse":
        return above
    below = sign_flip(
        contrast.margin - improvements, rng, resamples=resamples, alternative="greater"
    )
    return max(above, below)


def smallest_flip_p(n: int, claim: Claim) -> float:
    """Return the smallest p that sign flips can give with `n` seeds."""
    sides = 2 if claim == "superior" else 1
    return float(min(1.0, sides * 2.0**-n))


def planned_seeds(
    improvements: NDArray[np.float64], contrast: Contrast, *, power: float, alpha: float
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
    improvements: NDArray[np.float64], contrast: Contrast, *, power: float, alpha: float
) -> float:
    """Return how small a thing these seeds can show, in units of the metric, at this spread.

    `superior`: the smallest true difference beyond the margin. `not_worse`, `equivalent`: the
    smallest margin that could be kept if the arms were truly equal. NaN without spread.
    """
    if is_constant(improvements):
        return math.nan
    alternative, power = _test_of(contrast.claim, power)
    effect = smallest_effect(improvements.size, power=power, alpha=alpha, alternative=alternative)
    return effect * float(np.std(improvements, ddof=1))


def _test_of(claim: Claim, power: float) -> tuple[Alternative, float]:
    """Return the kind of t-test behind a claim, and the power that each of its parts needs."""
    if claim == "superior":
        return "two-sided", power
    if claim == "not_worse":
        return "larger", power
    # Both one-sided tests must succeed; at a true difference of 0 each may miss half as often.
    return "larger", (1 + power) / 2
