import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from frugalseg.statistics.order import Order, adjust_p_values

P_VALUES = st.lists(st.floats(0.0001, 1), min_size=1, max_size=7)


@given(P_VALUES)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    peer = multipletests(p_values, method="holm")[1]
    assert adjust_p_values(p_values, "holm") == pytest.approx(peer)


@given(P_VALUES)
def test_a_fixed_sequence_is_the_running_maximum(p_values: list[float]) -> None:
    expected = np.maximum.accumulate(p_values)
    assert adjust_p_values(p_values, "fixed") == pytest.approx(expected)


@given(P_VALUES, st.sampled_from(["holm", "fallback"]))
def test_no_order_asks_more_than_bonferroni(p_values: list[float], order: Order) -> None:
    bonferroni = np.minimum(np.array(p_values) * len(p_values), 1)
    assert (adjust_p_values(p_values, order) <= bonferroni + 1e-12).all()


def test_fallback_worked_out_by_hand() -> None:
    # shares .5, .25, .25: p / share is .08, .04, .08, so the second is first, at .04; the third
    # then has .5 and follows at .04; it hands its share to the first, which follows at .04
    adjusted = adjust_p_values([0.04, 0.01, 0.02], "fallback", weights=[2, 1, 1])
    assert adjusted == pytest.approx([0.04, 0.04, 0.04])


def test_what_is_shown_hands_its_share_to_the_next_only() -> None:
    # thirds: .06, .03, .9: the second is first; the third then has 2/3, and the first its third
    adjusted = adjust_p_values([0.02, 0.01, 0.3], "fallback")
    assert adjusted == pytest.approx([0.06, 0.03, 0.3])


def test_weighted_holm() -> None:
    # .03 / .75 = .04 before .02 / .25 = .08; then .02 / 1 = .02, not less than what came before
    assert adjust_p_values([0.03, 0.02], "holm", weights=[3, 1]) == pytest.approx([0.04, 0.04])


def test_an_untested_contrast_stops_a_sequence_and_counts_in_holm() -> None:
    assert np.isnan(adjust_p_values([np.nan, 0.01], "fixed")[0])
    assert adjust_p_values([np.nan, 0.01], "fixed")[1] == 1
    assert adjust_p_values([np.nan, 0.01], "holm")[1] == pytest.approx(0.02)
