from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.budget_table import (
    CONTRAST_COLUMNS,
    budget_contrasts,
    goal_table,
    reference_arm,
    with_starts,
)

MakeScores = Callable[..., pd.DataFrame]


@pytest.fixture
def scores(make_scores: MakeScores) -> pd.DataFrame:
    return make_scores(
        {
            "full": {seed: [(1.0, 0.8)] for seed in range(3)},
            "a": {
                0: [(0.1, 0.40), (0.3, 0.80)],
                1: [(0.1, 0.50), (0.3, 0.90)],
                2: [(0.1, 0.45), (0.3, 0.80)],
            },
            "b": {
                0: [(0.1, 0.40), (0.3, 0.60)],
                1: [(0.1, 0.60), (0.3, 0.80)],
                2: [(0.1, 0.45), (0.5, 0.65)],
            },
        }
    )


def test_the_last_round_counts_for_the_goal(scores: pd.DataFrame) -> None:
    table = goal_table(scores, "full", share=0.9).set_index(["arm", "seed"])
    assert table["target"].tolist() == pytest.approx([0.72] * 9)
    assert table.xs("a")["reached"].tolist() == [True] * 3
    assert table.xs("b")["reached"].tolist() == [False, True, False]
    assert table.xs("b")["fraction"].tolist() == [0.3, 0.3, 0.5]
    assert table.xs("full")["reached"].all()


def test_a_round_that_passes_the_goal_by_chance_is_not_taken(make_scores: MakeScores) -> None:
    curves = {"full": {0: [(1.0, 0.8)]}, "a": {0: [(0.1, 0.79), (0.2, 0.6)]}}
    table = goal_table(make_scores(curves), "full").set_index("arm")
    assert not table.xs("a")["reached"]


def test_areas_are_paired(scores: pd.DataFrame) -> None:
    row = budget_contrasts(scores, [ContrastParams(a="a", b="b")]).iloc[0]
    # areas over [0.1, 0.3]: a .6 .7 .625; b .5 .7 and, cut at 0.3 (0.55), .5
    np.testing.assert_allclose(row["area_difference"], (0.1 + 0 + 0.125) / 3, rtol=1e-9)
    assert row["n"] == 3
    assert row["p_area_holm"] == row["p_area"]


def test_arms_of_one_round_have_no_curve(scores: pd.DataFrame) -> None:
    table = budget_contrasts(scores, [ContrastParams(a="a", b="full")])
    assert table.empty
    assert tuple(table.columns) == CONTRAST_COLUMNS


def test_each_pair_of_arms_comes_once(scores: pd.DataFrame) -> None:
    contrasts = [
        ContrastParams(a="a", b="b"),
        ContrastParams(a="a", b="b", at=0.2),
        ContrastParams(a="b", b="a"),
    ]
    assert len(budget_contrasts(scores, contrasts)) == 2


def test_seeds_without_a_pair_are_named(make_scores: MakeScores) -> None:
    table = make_scores(
        {
            "full": {0: [(1.0, 0.8)]},
            "a": {0: [(0.1, 0.4), (0.2, 0.8)], 1: [(0.1, 0.4), (0.2, 0.8)]},
            "b": {
                0: [(0.3, 0.4), (0.4, 0.8)],
                2: [(0.1, 0.4), (0.2, 0.8)],
            },
        }
    )
    row = budget_contrasts(table, [ContrastParams(a="a", b="b")]).iloc[0]
    assert row["n"] == 0
    assert row["missing"] == (
        "seed 0: the curves share no range of labels; seed 1: only one arm has scores; "
        "seed 2: only one arm has scores"
    )
    assert set(goal_table(table, "full")["seed"]) == {0}


def test_an_unknown_reference_is_refused(scores: pd.DataFrame) -> None:
    with pytest.raises(FrugalsegError, match=r"'whole' has no scores in dice\. Known: a, b, full"):
        goal_table(scores, "whole")
    with pytest.raises(FrugalsegError, match="'x' has no scores in dice"):
        budget_contrasts(scores, [ContrastParams(a="a", b="x")])


def test_less_is_better_asks_for_more_than_the_reference(make_scores: MakeScores) -> None:
    table = goal_table(
        make_scores(
            {"full": {0: [(1.0, 0.19)]}, "a": {0: [(0.1, 0.3), (0.2, 0.1)]}}, metric="ece_15"
        ),
        "full",
        "ece_15",
    )
    row = table[table["arm"] == "a"].iloc[0]
    assert row["target"] == pytest.approx(0.2)
    assert row["reached"]


def test_the_reference_is_the_first_arm_that_begins_with_every_label(scores: pd.DataFrame) -> None:
    assert reference_arm(scores) == "full"
    assert reference_arm(scores[scores["arm"] != "full"]) is None
    assert goal_table(scores, None).empty


def test_a_curve_begins_where_its_arm_started_from(make_scores: MakeScores) -> None:
    table = make_scores(
        {"start": {0: [(0.1, 0.4)]}, "a": {0: [(0.2, 0.6)]}, "b": {0: [(0.2, 0.5)]}}
    )
    table.loc[table["arm"] != "start", "round"] = 1
    row = budget_contrasts(
        with_starts(table, {"a": "start", "b": "start", "c": "gone"}),
        [ContrastParams(a="a", b="b")],
    ).iloc[0]
    assert row["area_difference"] == pytest.approx(0.5 - 0.45)
    assert len(table) == 3
