from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from frugalseg.settings.study import ContrastParams, Order, StatisticsParams
from frugalseg.statistics.order import adjust_p_values, adjust_plan, current_shares, planning_levels

P_VALUES = st.lists(st.floats(0.0001, 1), min_size=1, max_size=7)
PLANS = st.lists(
    st.tuples(st.floats(0.0001, 1), st.sampled_from([0.0, 0.5, 1.0, 3.0])), min_size=1, max_size=5
).filter(lambda plan: any(weight for _, weight in plan))
ORDERS = st.sampled_from(["holm", "fixed", "fallback"])


def close_tests(p_values: list[float], order: Order, weights: list[float]) -> list[float]:
    """Adjust by the closure principle (Marcus, Peritz and Gabriel, 1976), from its definition.

    A claim is shown if every intersection of hypotheses that it belongs to is rejected, here by
    weighted Bonferroni with the shares of that intersection.
    """
    size = len(p_values)
    adjusted = np.zeros(size)
    for subset in (s for n in range(1, size + 1) for s in combinations(range(size), n)):
        shares = current_shares(np.isin(np.arange(size), subset), order, weights)
        p = min((p_values[i] / shares[i] for i in subset if shares[i] > 0), default=1.0)
        adjusted[list(subset)] = np.maximum(adjusted[list(subset)], min(p, 1.0))
    return adjusted.tolist()


@given(P_VALUES)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    peer = multipletests(p_values, method="holm")[1]
    assert adjust_p_values(p_values, "holm") == pytest.approx(peer)


@given(P_VALUES)
def test_a_fixed_sequence_is_the_running_maximum(p_values: list[float]) -> None:
    expected = np.maximum.accumulate(p_values)
    assert adjust_p_values(p_values, "fixed") == pytest.approx(expected)


@given(PLANS, ORDERS)
def test_every_order_is_a_closed_test(plan: list[tuple[float, float]], order: Order) -> None:
    p_values, weights = [p for p, _ in plan], [weight for _, weight in plan]
    expected = close_tests(p_values, order, weights)
    assert adjust_p_values(p_values, order, weights) == pytest.approx(expected)


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


def test_weighted_holm_keeps_the_ratio_of_the_weights() -> None:
    # shares .6, .2, .2: .03 / .6 = .05 is first; both others then have 1/2: .03 / .5 = .06; the
    # last has all: .04, which is less than what came before
    adjusted = adjust_p_values([0.03, 0.03, 0.04], "holm", weights=[3, 1, 1])
    assert adjusted == pytest.approx([0.05, 0.06, 0.06])


def test_a_contrast_of_weight_zero_costs_the_others_nothing_and_waits_for_them() -> None:
    weights = [1, 1, 0, 0]
    adjusted = adjust_p_values([0.01, 0.03, 0.01, 0.001], "holm", weights)
    # .01 * 2, then .03 * 1; the two without weight share what is left: .001 * 2 and .01 * 1
    assert adjusted == pytest.approx([0.02, 0.03, 0.03, 0.03])
    assert adjust_p_values([0.01, 0.2, 0.01, 0.001], "holm", weights)[3] == pytest.approx(0.2)


def test_an_untested_contrast_stops_a_sequence_and_counts_in_holm() -> None:
    assert np.isnan(adjust_p_values([np.nan, 0.01], "fixed")[0])
    assert adjust_p_values([np.nan, 0.01], "fixed")[1] == 1
    assert adjust_p_values([np.nan, 0.01], "holm")[1] == pytest.approx(0.02)


def test_nothing_planned_is_nothing_adjusted() -> None:
    assert adjust_p_values([], "holm").size == 0


@pytest.mark.parametrize(
    ("order", "weights", "levels"),
    [
        ("fixed", [1, 1, 1], [0.06, 0.06, 0.06]),
        ("holm", [1, 1, 1], [0.02, 0.02, 0.02]),
        ("holm", [3, 2, 1, 0, 0, 0], [0.03, 0.02, 0.01, 0.02, 0.02, 0.02]),
        ("fallback", [3, 2, 1], [0.03, 0.02, 0.01]),
        ("fallback", [0, 2, 0, 1], [0.06, 0.04, 0.04, 0.02]),
    ],
)
def test_planning_levels(order: Order, weights: list[float], levels: list[float]) -> None:
    assert planning_levels(order, weights, 0.06) == pytest.approx(levels)


def test_a_plan_has_two_families() -> None:
    plan = [
        ContrastParams(a="a", b="b", margin=0.1),
        ContrastParams(a="c", b="b"),
        ContrastParams(a="d", b="b", margin=0.1),
    ]
    p_values = np.array([[0.01, 0.02], [0.04, 0.5], [0.02, np.nan]])
    adjusted = adjust_plan(p_values, plan, StatisticsParams(order="fixed"))
    np.testing.assert_allclose(adjusted[:, 0], [0.01, 0.04, 0.04])
    np.testing.assert_allclose(adjusted[:, 1], [0.04, np.nan, np.nan])  # Holm over two
    assert adjust_plan(np.empty((0, 2)), [], StatisticsParams()).shape == (0, 2)
