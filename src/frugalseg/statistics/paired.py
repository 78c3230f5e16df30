"""Tests of "no difference" over paired seeds."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from frugalseg.statistics.interval import is_constant

EXACT_SEEDS = 16
"""Up to 2^16 sign patterns are enumerated; beyond, they are drawn."""

Alternative = Literal["two-sided", "greater", "less"]

TIE = 1e-12
"""A sum this close to the observed one counts as equal to it."""

CHUNK = 1 << 16


def t_test(
    differences: NDArray[np.float64], *, null: float = 0.0, alternative: Alternative = "two-sided"
) -> float:
    """Return the p-value of the paired t-test of mean = `null` (Student, 1908).

    Args:
        differences: float64, shape (n,).
        null: mean under the null hypothesis.
        alternative: `two-sided`, `greater` or `less`.

    Returns:
        In [0, 1]; NaN if there are fewer than two values or all are equal.
    """
    if is_constant(differences):
        return float("nan")
    return float(stats.ttest_1samp(differences, null, alternative=alternative).pvalue)


def wilcoxon(differences: NDArray[np.float64]) -> float:
    """Return the exact two-sided p-value of the signed-rank test (Wilcoxon, 1945).

    Zeros are left out and ties get mid-ranks; the null distribution is the one of the ranks at hand
    (exact under ties too), built by convolution over doubled ranks, so it is exact at any n.

    Returns:
        In (0, 1]; 1 if all differences are zero, NaN if there are none.
    """
    if differences.size == 0:
        return float("nan")
    nonzero = differences[differences != 0]
    if nonzero.size == 0:
        return 1.0
    doubled = np.rint(2 * stats.rankdata(np.abs(nonzero))).astype(np.int64)
    positive = int(doubled[nonzero > 0].sum())
    null = np.ones(1)  # the chance of each sum of a random subset
    for rank in doubled:
        null = (np.pad(null, (0, rank)) + np.pad(null, (rank, 0))) / 2
    low, high = null[: positive + 1].sum(), null[positive:].sum()
    return float(min(1.0, 2 * min(low, high)))


def sign_flip(
    differences: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    resamples: int = 9999,
    alternative: Alternative = "two-sided",
) -> float:
    """Return the p-value of the sign-flip permutation test of the mean (Fisher, 1935).

    All 2^n patterns up to n = `EXACT_SEEDS`; beyond, `resamples` random ones, with the observed
    pattern counted among them so that p is never 0 (Phipson and Smyth, 2010).
    `scipy.stats.permutation_test` takes 7 to 39 times as long, and does not see a tie in sums that
    differ by rounding only (docs/development/decisions/0003-dependencies.md).

    Args:
        differences: float64, shape (n,).
        rng: generator of the random patterns; not used when the test is exact.
        resamples: number of random patterns.
        alternative: `two-sided`, `greater` or `less`.

    Returns:
        In (0, 1]; 1 if all differences are zero, NaN if there are none.
    """
    n = differences.size
    if n == 0:
        return float("nan")
    scaled = differences / max(float(np.max(np.abs(differences))), np.finfo(np.float64).tiny)
    if n <= EXACT_SEEDS:
        patterns = np.arange(1 << n)[:, None] >> np.arange(n) & 1
        return float(np.mean(_as_extreme(scaled, patterns, alternative)))
    count = 0
    for start in range(0, resamples, CHUNK):
        patterns = rng.integers(0, 2, size=(min(CHUNK, resamples - start), n), dtype=np.int8)
        count += int(np.sum(_as_extreme(scaled, patterns, alternative)))
    return (1 + count) / (1 + resamples)


def _as_extreme(
    differences: NDArray[np.float64], patterns: NDArray[np.integer], alternative: Alternative
) -> NDArray[np.bool_]:
    """Return for each row of 0/1 `patterns` whether its sum is as extreme as the observed one."""
    fold = {"two-sided": np.abs, "greater": np.positive, "less": np.negative}[alternative]
    sums: NDArray[np.float64] = fold((1 - 2.0 * patterns) @ differences)
    observed: float = fold(np.sum(differences))
    return sums >= observed - TIE * differences.size


def smallest_rank_p(n: int, sides: int = 2) -> float:
    """Return the smallest p that Wilcoxon or sign flips can give with `n` seeds; NaN without."""
    return float(min(1.0, sides * 2.0**-n)) if n > 0 else float("nan")


def adjust_for_discovery(p_values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values adjusted for the false discovery rate (Benjamini and Hochberg, 1995).

    NaN, of a contrast that could not be tested, stays NaN and counts as 1 in the others.
    """
    raw = np.asarray(p_values, dtype=np.float64)
    if raw.size == 0:
        return raw
    adjusted = multipletests(np.nan_to_num(raw, nan=1.0), method="fdr_bh")[1]
    return np.where(np.isnan(raw), np.nan, adjusted).astype(np.float64)
