import numpy as np
import pytest
from scipy import stats

from frugalseg.statistics.interval import UNDEFINED, t_interval
from frugalseg.statistics.power import power_of
from frugalseg.statistics.sequential.boundary import (
    ALPHAS,
    nominal_level,
    overall_p,
    repeated_interval,
    simulate_paths,
    tabulate,
)
from frugalseg.statistics.sequential.looks import Looks

LOOKS = Looks((5, 8, 12, 17, 24, 34, 50))
MANY = (1000, 2000, 3000, 4000, 5000)
"""So many seeds that t is as good as normal, which is what tables are for."""


def levels(looks: Looks, alpha: float = 0.05) -> list[float]:
    return [nominal_level(alpha, look, looks, sides=2) for look in range(len(looks.seeds))]


def test_obrien_fleming_bounds_are_the_published_ones() -> None:
    """Five looks, two-sided .05: Lan and DeMets (1983), as in ldbounds and gsDesign (sfLDOF)."""
    bounds = stats.norm.isf(np.array(levels(Looks(MANY, "obrien_fleming"))) / 2)
    np.testing.assert_allclose(bounds, [4.877, 3.357, 2.680, 2.290, 2.031], rtol=4e-3)


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_linear_bounds_spend_what_they_may_by_the_multivariate_normal(alpha: float) -> None:
    """Of scipy (Genz, 1992): the chance of staying below the bounds up to each look."""
    one_sided = np.array([nominal_level(alpha, k, Looks(MANY), sides=1) for k in range(5)])
    bounds, n = stats.norm.isf(one_sided), np.array(MANY)
    correlation = np.sqrt(np.minimum.outer(n, n) / np.maximum.outer(n, n))
    for k in range(2, 6):
        below = stats.multivariate_normal.cdf(
            bounds[:k], cov=correlation[:k, :k], maxpts=10**6, abseps=1e-6, releps=1e-6
        )
        passed = 1 - below
        assert passed == pytest.approx(alpha * k / 5, rel=0.03)


def test_pocock_constant() -> None:
    """Five looks at 2.413 pass .05 two-sided: Jennison and Turnbull (2000), table 2.1."""
    p_values, weights = simulate_paths(Looks(MANY))
    is_past = p_values < stats.norm.sf(2.413)
    is_first = is_past & (np.cumsum(is_past, axis=0) == 1)
    assert 2 * np.sum(weights * is_first) / weights.shape[1] == pytest.approx(0.05, rel=0.02)


def test_levels_at_few_seeds() -> None:
    np.testing.assert_allclose(
        levels(LOOKS), [0.005, 0.0037, 0.0052, 0.0071, 0.0104, 0.0156, 0.025], rtol=0.03
    )


def test_a_path_of_t_passes_as_often_as_it_may() -> None:
    """Plain simulation without the weights, two-sided."""
    rng = np.random.default_rng(3)
    studies = 40_000
    seeds = rng.normal(size=(studies, 50))
    passed = np.zeros(studies, dtype=bool)
    for look, n in enumerate(LOOKS.seeds):
        p = stats.ttest_1samp(seeds[:, :n], 0, axis=1).pvalue
        passed |= overall_p(p, look, LOOKS, sides=2) <= 0.05
        expected = 0.05 * n / 50
        error = np.sqrt(expected * (1 - expected) / studies)
        assert passed.mean() == pytest.approx(expected, abs=4 * error)


def test_the_first_look_and_the_only_look_are_exact() -> None:
    assert nominal_level(0.05, 0, LOOKS, sides=2) == pytest.approx(0.005, rel=1e-3)
    for alpha in (0.3, 0.05, 0.001, 1e-9):
        assert nominal_level(alpha, 0, Looks((7,)), sides=1) == pytest.approx(alpha, rel=1e-6)


@pytest.mark.parametrize("spending", ["linear", "obrien_fleming"])
def test_levels_are_monotone_and_never_below_bonferroni(spending: str) -> None:
    table = tabulate(Looks((5, 6, 20, 30), spending))  # type: ignore[arg-type]
    assert (np.diff(table.exact, axis=0) >= 0).all()
    assert (table.exact >= table.separate).all()
    assert (table.exact <= ALPHAS[:, None] * (1 + 1e-9)).all()


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("complete", [True, False])
def test_an_overall_p_is_the_error_rate_whose_level_is_p(sides: int, complete: bool) -> None:
    for look in range(7):
        for alpha in (0.2, 0.05, 0.0125, 1e-4, 1e-8):
            level = nominal_level(alpha, look, LOOKS, sides=sides, complete=complete)
            overall = overall_p(level, look, LOOKS, sides=sides, complete=complete)
            assert overall == pytest.approx(alpha, rel=1e-6)


def test_overall_p_values_of_arrays_keep_nan_and_stay_in_range() -> None:
    overall = overall_p(np.array([0.0, 0.5, 1.0, np.nan]), 3, LOOKS, sides=2)
    assert overall[0] == pytest.approx(2e-12)
    assert overall[1:3].tolist() == [1.0, 1.0]
    assert np.isnan(overall[3])


def test_missing_seeds_leave_the_increments() -> None:
    level = nominal_level(0.05, 1, LOOKS, sides=2, complete=False)
    assert level == pytest.approx(0.05 * 3 / 50, rel=1e-3)


def test_a_repeated_interval_is_a_t_interval_at_the_level_of_its_look() -> None:
    differences = np.array([0.03, 0.01, 0.05, 0.02, 0.04, 0.06, 0.02, 0.03])
    level = nominal_level(0.05, 1, LOOKS, sides=2)
    expected = t_interval(differences, 1 - level)
    np.testing.assert_allclose(repeated_interval(differences, 1, LOOKS), expected)
    fewer = nominal_level(0.05, 2, LOOKS, sides=2, complete=False)
    np.testing.assert_allclose(
        repeated_interval(differences, 2, LOOKS), t_interval(differences, 1 - fewer)
    )
    assert repeated_interval(np.zeros(8), 1, LOOKS) == UNDEFINED


def test_power_is_a_little_less_than_that_of_all_seeds_at_once() -> None:
    """At d_z = 1 and .5: 100 and 93.4 % for 50 seeds; sequential ones stop after fewer."""
    rng = np.random.default_rng(4)
    for effect, loss, most_seeds in ((1.0, 0.001, 16.0), (0.5, 0.05, 35.0)):
        seeds = effect + rng.normal(size=(4000, 50))
        stopped = np.full(4000, 50)
        shown = np.zeros(4000, dtype=bool)
        for look, n in enumerate(LOOKS.seeds):
            p = stats.ttest_1samp(seeds[:, :n], 0, axis=1).pvalue
            is_new = ~shown & (overall_p(p, look, LOOKS, sides=2) <= 0.05)
            stopped[is_new] = n
            shown |= is_new
        at_once = power_of(effect, 50)
        assert at_once - loss <= shown.mean() <= at_once + 0.01
        assert stopped.mean() < most_seeds
