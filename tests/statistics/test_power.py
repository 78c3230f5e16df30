import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import TTestPower

from frugalseg.statistics.power import Sides, power_of, seeds_needed, smallest_effect

SIDES = st.sampled_from(["two-sided", "greater"])


@given(st.floats(0.05, 2.5), st.integers(2, 40), st.sampled_from([0.05, 0.01]), SIDES)
def test_power_equals_statsmodels_where_that_is_defined(
    effect: float, seeds: int, alpha: float, side: Sides
) -> None:
    name = "larger" if side == "greater" else side
    peer = TTestPower().power(effect, seeds, alpha, alternative=name)
    found = power_of(effect, seeds, alpha=alpha, alternative=side)
    assert math.isfinite(found)
    if math.isfinite(peer):
        assert found == pytest.approx(peer, abs=1e-8)


@pytest.mark.parametrize(("effect", "seeds"), [(0.2, 199), (0.5, 34), (0.8, 15), (1.0, 10)])
def test_seeds_of_the_textbook(effect: float, seeds: int) -> None:
    # G*Power 3, matched pairs, two-sided, 5 %, power 80 %
    assert seeds_needed(effect) == seeds_needed(-effect) == seeds


@settings(max_examples=30)
@given(st.floats(0.1, 5), st.sampled_from([0.8, 0.9]), st.sampled_from([0.05, 0.005]), SIDES)
def test_the_seeds_needed_are_enough_and_one_fewer_is_not(
    effect: float, power: float, alpha: float, side: Sides
) -> None:
    seeds = int(seeds_needed(effect, power=power, alpha=alpha, alternative=side))
    assert power_of(effect, seeds, alpha=alpha, alternative=side) >= power
    if seeds > 2:
        assert power_of(effect, seeds - 1, alpha=alpha, alternative=side) < power


@pytest.mark.parametrize("seeds", [2, 3, 5, 20, 500])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 30])
def test_the_smallest_effect_has_just_the_power(seeds: int, alpha: float) -> None:
    effect = smallest_effect(seeds, power=0.9, alpha=alpha)
    assert power_of(effect, seeds, alpha=alpha) == pytest.approx(0.9, abs=1e-6)


def test_what_no_number_of_seeds_shows() -> None:
    assert math.isinf(seeds_needed(0.0))
    assert math.isinf(seeds_needed(0.001))
    assert math.isinf(seeds_needed(-1.0, alternative="greater"))


def test_one_seed_has_no_power() -> None:
    assert math.isnan(power_of(1.0, 1))
    assert math.isnan(smallest_effect(1))
    assert math.isnan(seeds_needed(math.nan))
