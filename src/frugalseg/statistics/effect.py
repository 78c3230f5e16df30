"""How large a paired difference is: standardized, by ranks, and as probabilities."""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from frugalseg.statistics.interval import UNDEFINED, Interval, is_constant, mean_or_nan


def cohen_d_z(differences: NDArray[np.float64]) -> float:
    """Return mean / standard deviation of the differences (Cohen, 1988; Lakens, 2013).

    NaN if there are fewer than two values or all are equal.
    """
    if is_constant(differences):
        return float("nan")
    return float(np.mean(differences) / np.std(differences, ddof=1))


def cohen_d_z_interval(differences: NDArray[np.float64], confidence: float = 0.95) -> Interval:
    """Return the interval of d_z by inverting the noncentral t distribution.

    t = d_z * sqrt(n) follows a noncentral t with n - 1 degrees of freedom, so the bounds are the
    noncentralities at which the observed t is a tail quantile (Cumming and Finch, 2001).
    """
    if is_constant(differences):
        return UNDEFINED
    root = np.sqrt(differences.size)
    t = cohen_d_z(differences) * root
    tail = (1 - confidence) / 2
    low = special.nctdtrinc(differences.size - 1, 1 - tail, t)
    high = special.nctdtrinc(differences.size - 1, tail, t)
    return Interval(float(low / root), float(high / root))


def rank_biserial(differences: NDArray[np.float64]) -> float:
    """Return the matched-pairs rank-biserial correlation (Kerby, 2014): (W+ - W-) / (W+ + W-).

    Ranks of |difference| with mid-ranks for ties; zeros are left out. In [-1, 1]; 0 if all
    differences are zero (no rank speaks for either side), NaN if there are none.
    """
    if differences.size == 0:
        return float("nan")
    nonzero = differences[differences != 0]
    if nonzero.size == 0:
        return 0.0
    ranks = stats.rankdata(np.abs(nonzero))
    return float(np.sum(np.sign(nonzero) * ranks) / np.sum(ranks))


def probability_of_improvement(improvements: NDArray[np.float64]) -> float:
    """Return the share of pairs in which a is better, a tie counting one half.

    Agarwal et al. (2021) take it over all n * n combinations of runs; here runs of a seed
    share their first labels and more, so only these are compared.

    Args:
        improvements: float64, shape (n,), positive where a is better.

    Returns:
        In [0, 1]; NaN if there are no pairs.
    """
    return mean_or_nan((np.sign(improvements) + 1) / 2)


def rope(differences: NDArray[np.float64], margin: float) -> tuple[float, float, float]:
    """Return where the mean difference lies against the region of practical equivalence.

    With the flat prior on mean and log variance the posterior of the mean is a t distribution
    around the sample mean with scale s / sqrt(n) and n - 1 degrees of freedom: the Bayesian t-test
    of Benavoli et al. (2017) with correlation 0. Their correlation is that of overlapping splits
    (Nadeau and Bengio, 2003); here nothing is split again, so that given the images the seeds are
    independent, and the mean is the one on these images.

    Args:
        differences: float64, shape (n,).
        margin: >= 0; the region is [-margin, margin].

    Returns:
        Its posterior probabilities to lie below, inside and above the region, which add to 1; NaN
        three times if there are fewer than two values or all are equal.
    """
    if is_constant(differences):
        return float("nan"), float("nan"), float("nan")
    n = differences.size
    scale = np.std(differences, ddof=1) / np.sqrt(n)
    posterior = stats.t(n - 1, loc=np.mean(differences), scale=scale)
    below, above = float(posterior.cdf(-margin)), float(posterior.sf(margin))
    return below, max(0.0, 1 - below - above), above
