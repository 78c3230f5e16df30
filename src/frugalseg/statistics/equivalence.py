"""Claims with a margin: non-inferiority, equivalence, and the Bayesian view of both."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.paired import t_test


def non_inferiority(improvements: NDArray[np.float64], margin: float) -> float:
    """Return the one-sided p-value of "a is worse than b by `margin` or more".

    Args:
        improvements: float64, shape (n,), positive where a is better.
        margin: > 0, in units of the metric.

    Returns:
        In [0, 1]; NaN if there are fewer than two values or all are equal.
    """
    return t_test(improvements, null=-margin, alternative="greater")


def tost(differences: NDArray[np.float64], margin: float) -> float:
    """Return the p-value of two one-sided tests of |mean difference| >= `margin`.

    The larger of the two (Schuirmann, 1987); below alpha exactly when the 1 - 2 alpha t-interval
    lies inside (-margin, margin). NaN if there are fewer than two values or all are equal.
    """
    lower = t_test(differences, null=-margin, alternative="greater")
    upper = t_test(differences, null=margin, alternative="less")
    return max(lower, upper)


class Rope(NamedTuple):
    """Posterior probabilities of the mean difference, by its place; they add to 1."""

    below: float
    inside: float
    above: float


def rope(differences: NDArray[np.float64], margin: float) -> Rope:
    """Return where the mean difference lies against the region of practical equivalence.

    With the flat prior on mean and log variance the posterior of the mean is a t distribution
    around the sample mean with scale s / sqrt(n) and n - 1 degrees of freedom: the Bayesian t-test
    of Benavoli et al. (2017) with correlation 0, since every seed has its own split.

    Args:
        differences: float64, shape (n,).
        margin: >= 0; the region is [-margin, margin].

    Returns:
        NaN three times if there are fewer than two values or all are equal.
    """
    if is_constant(differences):
        return Rope(float("nan"), float("nan"), float("nan"))
    n = differences.size
    scale = np.std(differences, ddof=1) / np.sqrt(n)
    posterior = stats.t(n - 1, loc=np.mean(differences), scale=scale)
    below, above = float(posterior.cdf(-margin)), float(posterior.sf(margin))
    return Rope(below, max(0.0, 1 - below - above), above)
