from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.reporting.lines import (
    MARGIN,
    Line,
    arm_lines,
    cost_axes,
    dodge,
    joined,
    least_height,
    line_table,
    spread,
    y_limits,
)
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms

NO_SEEDS = pd.DataFrame({"seed": [], "round": [], "x": [], "value": []}, dtype=float)
STYLE = style_arms(["a"], [], {})["a"]


def line(arm: str, xs: list[float]) -> Line:
    means = pd.DataFrame({"round": range(len(xs)), "x": xs, "mean": 0.5})
    means = means.assign(ci_low=0.4, ci_high=0.6)
    seeds = pd.DataFrame({"seed": [0], "round": [0], "x": [xs[0]], "value": [0.9]})
    return Line(arm, STYLE, means, seeds)


def test_an_arm_continues_the_curve_of_its_start(study: Study) -> None:
    lines = {line.arm: line for line in arm_lines(study, cost_axes(study)[0])}
    initial = lines["initial"].means.iloc[-1]
    assert lines["random"].lead == (initial["x"], initial["mean"])
    assert joined(lines["random"])[0] == [2, 4, 6]
    assert len(lines["random"].seeds) == 2 * 5
    assert lines["initial"].lead is None


def test_an_arm_that_bought_nothing_is_a_point(study: Study) -> None:
    lines = {line.arm: line for line in arm_lines(study, cost_axes(study)[0])}
    assert lines["mean_teacher"].lead is None
    assert lines["mean_teacher"].start == ""


def test_arms_without_a_score_are_left_out(study: Study) -> None:
    curve = study.curve.assign(mean=study.curve["mean"].where(study.curve["arm"] != "entropy"))
    lines = arm_lines(replace(study, curve=curve), cost_axes(study)[0])
    assert [line.arm for line in lines] == ["full", "initial", "random", "mean_teacher"]


def test_marks_of_one_cost_stand_side_by_side() -> None:
    places = dodge([line("a", [2, 4]), line("b", [2, 9])], 0.5)
    np.testing.assert_allclose(places["a"], [1.75, 4])
    np.testing.assert_allclose(places["b"], [2.25, 9])


def test_marks_of_the_first_arm_may_stay_where_they_are() -> None:
    lines = [line("a", [2, 4]), line("b", [2, 9]), line("c", [2, 9])]
    places = dodge(lines, 0.5, keep_first=True)
    np.testing.assert_allclose(places["a"], [2, 4])
    np.testing.assert_allclose(places["b"], [2.5, 8.75])
    np.testing.assert_allclose(places["c"], [3, 9.25])


def test_marks_of_one_arm_stay_where_they_are() -> None:
    np.testing.assert_allclose(dodge([line("a", [1, 1.2])], 0.5)["a"], [1, 1.2])


def test_limits_hold_intervals_and_seeds() -> None:
    assert y_limits([line("a", [1])]) == pytest.approx((0.37, 0.93))
    assert y_limits([]) == pytest.approx((-0.06, 1.06))


def test_limits_are_never_closer_than_the_least_height() -> None:
    flat = line("a", [1])
    flat = replace(flat, means=flat.means.assign(ci_low=0.4999, ci_high=0.5001), seeds=NO_SEEDS)
    assert y_limits([flat], least=0.06) == pytest.approx((0.47, 0.53))
    assert y_limits([line("a", [1])], least=0.06) == pytest.approx((0.37, 0.93))


def test_the_least_height_is_twice_the_largest_margin_of_the_metric(study: Study) -> None:
    rows = study.contrasts.iloc[[0] * 3].assign(
        metric=["dice", "dice", "recall"], margin=[0.03, 0.05, 0.2]
    )
    assert least_height(replace(study, contrasts=rows)) == pytest.approx(0.1)
    assert least_height(replace(study, contrasts=rows.assign(margin=0.0))) == 2 * MARGIN
    assert least_height(replace(study, contrasts=rows.iloc[:0])) == 2 * MARGIN


@given(st.lists(st.floats(0, 1), max_size=15))
def test_labels_keep_their_order_and_distance(places: list[float]) -> None:
    moved = spread(np.array(places), 0.05)
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= 0.05 - 1e-9).all()
    assert not len(moved) or moved.max() <= 1


def test_labels_with_room_stay() -> None:
    np.testing.assert_allclose(spread(np.array([0.9, 0.1, 0.5]), 0.1), [0.9, 0.1, 0.5])


def test_a_tall_label_takes_more_room() -> None:
    heights = np.array([0.1, 0.3, 0.1])
    np.testing.assert_allclose(spread(np.array([0.5, 0.5, 0.5]), heights), [0.5, 0.7, 0.9])


def test_table_has_means_and_seeds(study: Study) -> None:
    axis = cost_axes(study)[0]
    table = line_table(arm_lines(study, axis), axis)
    assert (table["seed"] == "mean").sum() == 7
    assert (table["seed"] != "mean").sum() == 7 * 5
    assert axis.label in table


def test_time_comes_first_where_something_was_drawn(study: Study) -> None:
    assert cost_axes(study)[0].key == "images"
    labels = study.labels.assign(unit="points")
    axes = cost_axes(replace(study, labels=labels))
    assert [axis.key for axis in axes][:3] == ["time", "images", "pixels"]
    assert [bool(axis.note) for axis in axes][:3] == [False, True, True]
