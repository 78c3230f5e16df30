import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.effect_size import _noncentrality_t

from frugalseg.statistics.effect import (
    cohen_d_z,
    cohen_d_z_interval,
    probability_of_improvement,
    rank_biserial,
    rope,
)
from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.paired import t_test

WHOLE = arrays(np.int64, st.integers(2, 15), elements=st.integers(-9, 9)).map(
    lambda whole: whole / 8
)
SPREAD = WHOLE.filter(lambda values: not is_constant(values))


def test_d_z_by_hand() -> None:
    assert cohen_d_z(np.array([1.0, 2.0, 3.0])) == 2.0


@given(SPREAD)
def test_d_z_interval_equals_statsmodels(differences: np.ndarray) -> None:
    root = np.sqrt(differences.size)
    peer = _noncentrality_t(cohen_d_z(differences) * root, differences.size - 1).confint / root
    np.testing.assert_allclose(cohen_d_z_interval(differences), peer, atol=1e-8)


@given(SPREAD)
def test_d_z_bounds_are_where_the_observed_t_is_a_tail_quantile(differences: np.ndarray) -> None:
    n = differences.size
    t = cohen_d_z(differences) * np.sqrt(n)
    low, high = cohen_d_z_interval(differences, 0.9)
    # scipy's inversion, which statsmodels uses too, leaves about 1e-6 of probability
    assert stats.nct.sf(t, n - 1, low * np.sqrt(n)) == pytest.approx(0.05, abs=1e-5)
    assert stats.nct.cdf(t, n - 1, high * np.sqrt(n)) == pytest.approx(0.05, abs=1e-5)


@given(WHOLE.filter(lambda values: bool((values != 0).any())))
def test_rank_biserial_equals_pingouin(differences: np.ndarray) -> None:
    expected = pingouin.wilcoxon(differences, method="asymptotic")["RBC"].iloc[0]
    assert rank_biserial(differences) == pytest.approx(expected, abs=1e-8)


def test_rank_biserial_by_hand() -> None:
    # |d| = 1, 1, 2 get the ranks 1.5, 1.5, 3: (1.5 + 3 - 1.5) / 6
    assert rank_biserial(np.array([1.0, 0.0, -1.0, 2.0])) == 0.5


def test_probability_of_improvement_counts_a_tie_half() -> None:
    assert probability_of_improvement(np.array([0.1, -0.1, 0.0, 0.2])) == 0.625


@pytest.mark.parametrize("differences", [[], [0.3], [0.0, 0.0], [0.1, 0.1]])
def test_without_spread_neither_d_z_nor_a_posterior_is_defined(differences: list[float]) -> None:
    values = np.array(differences)
    assert np.isnan([cohen_d_z(values), *cohen_d_z_interval(values), *rope(values, 0.1)]).all()


def test_equal_arms_favor_neither_side() -> None:
    zeros = np.zeros(4)
    assert rank_biserial(zeros) == 0.0
    assert probability_of_improvement(zeros) == 0.5
    assert np.isnan([rank_biserial(zeros[:0]), probability_of_improvement(zeros[:0])]).all()


@given(SPREAD)
def test_the_posterior_without_a_region_is_the_one_sided_p(differences: np.ndarray) -> None:
    found = rope(differences, 0.0)
    assert found.inside == pytest.approx(0.0, abs=1e-12)
    assert found.below == pytest.approx(t_test(differences, alternative="greater"), abs=1e-8)


@given(SPREAD, st.sampled_from([0.05, 0.2, 0.5]))
def test_the_posterior_adds_to_one_and_mirrors(differences: np.ndarray, margin: float) -> None:
    found, mirrored = rope(differences, margin), rope(-differences, margin)
    assert sum(found) == pytest.approx(1.0)
    np.testing.assert_allclose(found, mirrored[::-1], atol=1e-12)
