import math
from typing import Any

import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from frugalseg.settings.study import Claim, ContrastParams
from frugalseg.statistics.claim import claim_p, detectable_effect, planned_seeds, same_p
from frugalseg.statistics.interval import is_constant, t_interval
from frugalseg.statistics.order import Levels
from frugalseg.statistics.paired import Alternative, smallest_rank_p
from frugalseg.statistics.power import power_of, seeds_needed

BETTER = np.array([0.03, 0.01, 0.04, 0.02, 0.05])
RNG = np.random.default_rng(0)
SPREAD = (
    arrays(np.int64, st.integers(3, 20), elements=st.integers(-50, 50))
    .map(lambda whole: whole / 1000)
    .filter(lambda values: not is_constant(values))
)
MARGIN = st.sampled_from([0.005, 0.02, 0.05])


def seeds_of(improvements: np.ndarray, levels: Levels, **fields: Any) -> float:
    contrast = ContrastParams(a="a", b="b", **fields)
    return planned_seeds(improvements, contrast, levels, power=0.8)


def test_each_claim_rests_on_its_own_t_test() -> None:
    superior = ContrastParams(a="a", b="b")
    by_margin = ContrastParams(a="a", b="b", margin=0.02)
    not_worse = ContrastParams(a="a", b="b", claim="not_worse", margin=0.02)
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=0.05)
    cases: tuple[tuple[ContrastParams, float, Alternative], ...] = (
        (superior, 0.0, "two-sided"),
        (by_margin, 0.0, "two-sided"),  # the margin is tested apart, by `same_p`
        (not_worse, -0.02, "greater"),
        (equivalent, 0.05, "less"),  # the nearer of the two bounds decides
    )
    for contrast, null, side in cases:
        peer = stats.ttest_1samp(BETTER, null, alternative=side).pvalue
        assert claim_p(BETTER, contrast, RNG) == pytest.approx(peer, abs=1e-12)


@given(SPREAD, MARGIN)
def test_equivalence_equals_statsmodels_and_pingouin(
    differences: np.ndarray, margin: float
) -> None:
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=margin)
    found, zeros = claim_p(differences, equivalent, RNG), np.zeros_like(differences)
    assert found == pytest.approx(ttost_paired(differences, zeros, -margin, margin)[0], abs=1e-8)
    peer = pingouin.tost(differences, zeros, bound=margin, paired=True)
    name = "pval" if "pval" in peer else "p_val"
    assert found == pytest.approx(peer[name].iloc[0], abs=1e-8)


@given(SPREAD, MARGIN)
def test_equivalence_agrees_with_the_ninety_percent_interval(
    differences: np.ndarray, margin: float
) -> None:
    low, high = t_interval(differences, 0.9)
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=margin)
    if min(abs(low + margin), abs(high - margin)) > 1e-9:
        shown = claim_p(differences, equivalent, RNG) < 0.05
        assert shown == (-margin < low and high < margin)


def test_non_inferiority_by_hand() -> None:
    # t = (0 + 1) / (1 / sqrt(3)) = sqrt(3) with 2 degrees of freedom; its upper tail is
    # 1/2 - t / (2 sqrt(2 + t^2)) = 0.1127017
    not_worse = ContrastParams(a="a", b="b", claim="not_worse", margin=1.0)
    p = claim_p(np.array([-1.0, 0.0, 1.0]), not_worse, RNG)
    assert p == pytest.approx(0.5 - np.sqrt(3) / (2 * np.sqrt(5)), abs=1e-12)


@pytest.mark.parametrize(
    ("claim", "margin", "shift", "expected"),
    [
        ("superior", 0.0, 0.1, 2 / 32),
        ("superior", 0.0, 0.0, 1.0),
        ("superior", 0.1, 0.1, 2 / 32),
        ("not_worse", 0.02, 0.0, 1 / 32),
        ("not_worse", 0.02, -0.02, 1.0),
        ("equivalent", 0.02, 0.01, 1 / 32),
        ("equivalent", 0.02, 0.05, 1.0),
    ],
)
def test_without_spread_sign_flips_decide(
    claim: Claim, margin: float, shift: float, expected: float
) -> None:
    contrast = ContrastParams(a="a", b="b", claim=claim, margin=margin)
    assert claim_p(np.full(5, shift), contrast, RNG) == expected
    if 0 < expected < 1:
        assert expected == smallest_rank_p(5, sides=2 if claim == "superior" else 1)


def test_one_pair_is_no_test() -> None:
    assert math.isnan(claim_p(BETTER[:1], ContrastParams(a="a", b="b"), RNG))


def test_practically_the_same_is_the_equivalence_of_the_margin() -> None:
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=0.05)
    assert same_p(BETTER, 0.05, RNG) == claim_p(BETTER, equivalent, RNG)
    assert math.isnan(same_p(BETTER[:1], 0.05, RNG))


def test_planned_seeds_of_each_claim() -> None:
    spread, levels = BETTER.std(ddof=1), Levels(0.05, 0.02)
    assert seeds_of(BETTER, levels) == seeds_needed(0.03 / spread, alpha=0.05)
    expected = seeds_needed(0.04 / spread, alpha=0.05, alternative="greater")
    assert seeds_of(BETTER, levels, claim="not_worse", margin=0.01) == expected
    expected = seeds_needed(0.01 / spread, power=0.9, alpha=0.05, alternative="greater")
    assert seeds_of(BETTER, levels, claim="equivalent", margin=0.04) == expected


def test_a_margin_is_planned_for_what_decides_it_first() -> None:
    close = BETTER - 0.029  # mean .001
    same = seeds_needed(0.029 / BETTER.std(ddof=1), power=0.9, alpha=0.02, alternative="greater")
    assert seeds_of(close, Levels(0.05, 0.02), margin=0.03) == same
    assert seeds_of(BETTER, Levels(0.05, 0.02), margin=0.03) == seeds_of(BETTER, Levels(0.05))


@pytest.mark.parametrize(
    ("claim", "margin"), [("superior", 0.0), ("not_worse", 0.02), ("equivalent", 0.02)]
)
def test_what_is_not_true_is_never_shown(claim: Claim, margin: float) -> None:
    shift = {"superior": 0.03, "not_worse": 0.06, "equivalent": 0.0}[claim]
    assert math.isinf(seeds_of(BETTER - shift, Levels(0.05), claim=claim, margin=margin))


def test_detectable_effect_is_shown_with_the_power_asked_for() -> None:
    spread = float(BETTER.std(ddof=1))
    found = detectable_effect(BETTER, "superior", power=0.8, alpha=0.05)
    assert power_of(found / spread, 5) == pytest.approx(0.8, abs=1e-6)
    margin = detectable_effect(BETTER, "equivalent", power=0.8, alpha=0.05)
    # TOST of truly equal arms fails at either bound with a chance of 10 %
    assert power_of(margin / spread, 5, alternative="greater") == pytest.approx(0.9, abs=1e-6)


def test_without_spread_nothing_can_be_planned() -> None:
    assert math.isnan(seeds_of(np.zeros(3), Levels(0.05)))
    assert math.isnan(detectable_effect(np.zeros(3), "superior", power=0.8, alpha=0.05))
