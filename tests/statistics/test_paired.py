import warnings

import numpy as np
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from frugalseg.statistics.interval import is_constant
from frugalseg.statistics.paired import (
    Alternative,
    adjust_for_discovery,
    sign_flip,
    smallest_rank_p,
    t_test,
    wilcoxon,
)

TIED = arrays(np.int64, st.integers(2, 8), elements=st.integers(-4, 4)).map(lambda n: n / 10)
PLAIN = arrays(np.float64, st.integers(2, 25), elements=st.floats(-1, 1), unique=True)
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
SIDES = st.sampled_from(["two-sided", "greater", "less"])


@given(st.one_of(PLAIN, TIED).filter(lambda values: not is_constant(values)), SIDES)
def test_t_test_equals_scipy_on_the_pairs(differences: np.ndarray, side: Alternative) -> None:
    b = np.linspace(0.3, 0.8, differences.size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nearly equal values: scipy warns of lost digits
        peer = stats.ttest_rel(b + differences, b, alternative=side).pvalue
    assert t_test(np.round(b + differences - b, 12), alternative=side) == pytest.approx(
        peer, abs=1e-8
    )


@given(PLAIN.filter(lambda values: len(np.unique(np.abs(values))) == values.size))
def test_wilcoxon_equals_scipy_exact_without_ties(differences: np.ndarray) -> None:
    nonzero = differences[differences != 0]
    peer = stats.wilcoxon(nonzero, method="exact").pvalue
    assert wilcoxon(differences) == pytest.approx(peer, abs=1e-8)


@settings(max_examples=40)
@given(TIED.filter(lambda values: np.count_nonzero(values) >= 2))
def test_wilcoxon_equals_scipy_permutation_with_zeros_and_ties(differences: np.ndarray) -> None:
    nonzero = differences[differences != 0]
    peer = stats.wilcoxon(nonzero, method=stats.PermutationMethod(n_resamples=1 << 9)).pvalue
    assert wilcoxon(differences) == pytest.approx(peer, abs=1e-8)


def test_wilcoxon_by_hand() -> None:
    # All five positive: 2 of the 32 sign patterns are as extreme.
    assert wilcoxon(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) == 2 / 32


@settings(max_examples=40)
@given(TIED, SIDES)
def test_sign_flip_equals_scipy_permutation(differences: np.ndarray, side: Alternative) -> None:
    # in tenths, whose sums are exact: of .1 - .3 + .2 and its mirror image, scipy calls one larger
    peer = stats.permutation_test(
        (np.rint(10 * differences),),
        np.sum,
        permutation_type="samples",
        alternative=side,
        n_resamples=1 << 9,
        vectorized=True,
    )
    # scipy doubles the smaller side; with a symmetric null that is the same as both tails
    found = sign_flip(differences, np.random.default_rng(0), alternative=side)
    assert found == pytest.approx(peer.pvalue, abs=1e-8)


def test_sign_flip_by_hand() -> None:
    # Sums of +-1 +-2 +-3: 6, 4, 2, 0, 0, -2, -4, -6; |sum| >= 4 in four of eight.
    rng = np.random.default_rng(0)
    assert sign_flip(np.array([-1.0, 2.0, 3.0]), rng) == 0.5
    assert sign_flip(np.array([-1.0, 2.0, 3.0]), rng, alternative="greater") == 0.25
    assert sign_flip(np.array([-1.0, 2.0, 3.0]), rng, alternative="less") == 7 / 8


def test_sampled_sign_flips_come_near_the_exact_p() -> None:
    differences = np.random.default_rng(1).normal(0.4, 1, size=17)
    sums = np.zeros(1)
    for value in differences:
        sums = np.concatenate([sums - value, sums + value])
    exact = np.mean(np.abs(sums) >= abs(differences.sum()) - 1e-12)
    found = sign_flip(differences, np.random.default_rng(2), resamples=200_000)
    assert found == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 200_000))


def test_sampled_p_is_never_zero_and_repeats_with_its_generator() -> None:
    ones = np.ones(40)
    first, again = (sign_flip(ones, np.random.default_rng(3), resamples=99) for _ in range(2))
    assert first == again == 0.01


def test_degenerate_differences_have_a_defined_p() -> None:
    rng = np.random.default_rng(0)
    none, one, zeros, same = np.zeros(0), np.array([0.2]), np.zeros(5), np.full(5, 0.1)
    assert np.isnan([t_test(values) for values in (none, one, zeros, same)]).all()
    assert np.isnan([wilcoxon(none), sign_flip(none, rng)]).all()
    assert wilcoxon(zeros) == sign_flip(zeros, rng) == 1.0
    assert wilcoxon(one) == sign_flip(one, rng) == 1.0
    assert wilcoxon(same) == sign_flip(same, rng) == smallest_rank_p(5) == 0.0625


@given(TIED, st.integers(1, 9))
def test_the_unit_of_the_metric_does_not_matter(differences: np.ndarray, factor: int) -> None:
    rng = np.random.default_rng(0)
    scaled = np.round(differences * factor, 12)
    assert sign_flip(scaled, rng) == sign_flip(differences, rng)
    assert wilcoxon(scaled) == wilcoxon(differences)


def test_smallest_rank_p() -> None:
    assert [smallest_rank_p(n) for n in (1, 2, 5, 6)] == [1.0, 0.5, 0.0625, 0.03125]
    assert smallest_rank_p(5, sides=1) == 0.03125
    assert np.isnan(smallest_rank_p(0))


def test_false_discovery_rate_by_hand() -> None:
    # sorted .01 .03 .04: times 3, 3/2, 1 and never rising
    np.testing.assert_allclose(adjust_for_discovery([0.01, 0.04, 0.03]), [0.03, 0.04, 0.04])


@settings(max_examples=20)
@given(P_VALUES)
def test_false_discovery_rate_equals_pingouin(p_values: list[float]) -> None:
    peer = pingouin.multicomp(p_values, method="fdr_bh")[1]
    np.testing.assert_allclose(adjust_for_discovery(p_values), peer, atol=1e-8)


def test_an_untested_contrast_stays_in_the_family() -> None:
    np.testing.assert_array_equal(adjust_for_discovery([0.02, np.nan]), [0.04, np.nan])


def test_no_contrast_needs_no_correction() -> None:
    assert adjust_for_discovery([]).size == 0
