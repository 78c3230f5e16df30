import math

import numpy as np
import pytest
from scipy import stats

from frugalseg.statistics.claim import (
    claim_p,
    detectable_effect,
    planned_seeds,
    smallest_flip_p,
)
from frugalseg.statistics.contrast import Claim, Contrast
from frugalseg.statistics.paired import Alternative
from frugalseg.statistics.power import power_of, seeds_needed

BETTER = np.array([0.03, 0.01, 0.04, 0.02, 0.05])
RNG = np.random.default_rng(0)


def test_each_claim_rests_on_its_own_t_test() -> None:
    superior = Contrast("a", "b")
    by_margin = Contrast("a", "b", margin=0.02)
    not_worse = Contrast("a", "b", claim="not_worse", margin=0.02)
    equivalent = Contrast("a", "b", claim="equivalent", margin=0.05)
    cases: tuple[tuple[Contrast, float, Alternative], ...] = (
        (superior, 0.0, "two-sided"),
        (by_margin, 0.02, "two-sided"),
        (not_worse, -0.02, "greater"),
        (equivalent, 0.05, "less"),  # the nearer of the two bounds decides
    )
    for contrast, null, side in cases:
        peer = stats.ttest_1samp(BETTER, null, alternative=side).pvalue
        assert claim_p(BETTER, contrast, RNG) == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize(
    ("claim", "margin", "shift", "expected"),
    [
        ("superior", 0.0, 0.1, 2 / 32),
        ("superior", 0.0, 0.0, 1.0),
        ("superior", 0.1, 0.1, 1.0),
        ("not_worse", 0.02, 0.0, 1 / 32),
        ("not_worse", 0.02, -0.02, 1.0),
        ("equivalent", 0.02, 0.01, 1 / 32),
        ("equivalent", 0.02, 0.05, 1.0),
    ],
)
def test_without_spread_sign_flips_decide(
    claim: Claim, margin: float, shift: float, expected: float
) -> None:
    contrast = Contrast("a", "b", claim=claim, margin=margin)
    assert claim_p(np.full(5, shift), contrast, RNG) == expected
    if 0 < expected < 1:
        assert expected == smallest_flip_p(5, claim)


def test_one_pair_is_no_test() -> None:
    assert math.isnan(claim_p(BETTER[:1], Contrast("a", "b"), RNG))


def test_planned_seeds_of_each_claim() -> None:
    spread = BETTER.std(ddof=1)
    superior = planned_seeds(BETTER, Contrast("a", "b", margin=0.02), power=0.8, alpha=0.01)
    assert superior == seeds_needed(0.01 / spread, alpha=0.01)
    not_worse = Contrast("a", "b", claim="not_worse", margin=0.01)
    expected = seeds_needed(0.04 / spread, alpha=0.05, alternative="larger")
    assert planned_seeds(BETTER, not_worse, power=0.8, alpha=0.05) == expected
    equivalent = Contrast("a", "b", claim="equivalent", margin=0.04)
    expected = seeds_needed(0.01 / spread, power=0.9, alpha=0.05, alternative="larger")
    assert planned_seeds(BETTER, equivalent, power=0.8, alpha=0.05) == expected


@pytest.mark.parametrize(
    ("claim", "margin"), [("superior", 0.03), ("not_worse", 0.02), ("equivalent", 0.02)]
)
def test_what_lies_beyond_the_margin_is_never_shown(claim: Claim, margin: float) -> None:
    improvements = BETTER if claim != "not_worse" else -BETTER
    contrast = Contrast("a", "b", claim=claim, margin=margin)
    assert math.isinf(planned_seeds(improvements, contrast, power=0.8, alpha=0.05))


def test_detectable_effect_is_shown_with_the_power_asked_for() -> None:
    spread = float(BETTER.std(ddof=1))
    found = detectable_effect(BETTER, Contrast("a", "b"), power=0.8, alpha=0.05)
    assert power_of(found / spread, 5) == pytest.approx(0.8, abs=1e-6)
    contrast = Contrast("a", "b", claim="equivalent", margin=0.1)
    margin = detectable_effect(BETTER, contrast, power=0.8, alpha=0.05)
    # TOST of truly equal arms fails at either bound with a chance of 10 %
    assert power_of(margin / spread, 5, alternative="larger") == pytest.approx(0.9, abs=1e-6)


def test_without_spread_nothing_can_be_planned() -> None:
    contrast = Contrast("a", "b")
    assert math.isnan(planned_seeds(np.zeros(3), contrast, power=0.8, alpha=0.05))
    assert math.isnan(detectable_effect(np.zeros(3), contrast, power=0.8, alpha=0.05))
