import numpy as np
import pandas as pd
import pytest

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.planning import (
    PLAN_COLUMNS,
    core_hours_per_seed,
    decision_table,
    images_table,
    plan_table,
    power_table,
    seeds_table,
)
from frugalseg.statistics.power import power_of, seeds_needed


def test_the_table_holds_what_each_number_of_seeds_shows() -> None:
    table = power_table([1, 5, 7], 0.025, spread=0.02)
    assert table["d_z_80"].isna().tolist() == [True, False, False]
    five = table.iloc[1]
    assert power_of(five["d_z_80"], 5, alpha=0.025) == pytest.approx(0.8, abs=1e-6)
    assert power_of(five["d_z_90"], 5, alpha=0.025) == pytest.approx(0.9, abs=1e-6)
    assert five["difference_90"] == pytest.approx(0.02 * five["d_z_90"])
    assert table["smallest_rank_p"].tolist() == [1.0, 0.0625, 0.015625]
    assert table["rank_tests_can_decide"].tolist() == [False, False, True]


def test_without_a_spread_nothing_is_said_in_units_of_the_metric() -> None:
    assert "difference_80" not in power_table([5], 0.05)


def test_seeds_for_the_effects_of_the_textbook() -> None:
    table = seeds_table([0.5, 1.0], 0.05)
    assert table["seeds_80"].tolist() == [34, 10]
    assert table["seeds_90"].tolist() == [44, 13]
    assert (seeds_table([0.5, 1.0], 0.01)["seeds_80"] > table["seeds_80"]).all()


PLANNED = [
    ContrastParams(a="a", b="b"),
    ContrastParams(a="a", b="c", margin=0.1),
    ContrastParams(a="c", b="b", claim="not_worse", margin=0.1),
]


def test_what_a_plan_decides_before_anything_is_run() -> None:
    table = decision_table(PLANNED, StatisticsParams(alpha=0.06), 8)
    assert table["level"].tolist() == pytest.approx([0.02] * 3)
    assert table["margin"].isna().tolist() == [True, False, False]
    assert table["largest_spread"].isna().tolist() == [True, False, False]
    difference, not_worse = table["d_z"].iloc[[0, 2]]
    assert table["d_z"].iloc[1] == difference
    assert power_of(difference, 8, alpha=0.02) == pytest.approx(0.8, abs=1e-6)
    one_sided = power_of(not_worse, 8, alpha=0.02, alternative="greater")
    assert one_sided == pytest.approx(0.8, abs=1e-6)
    # under `superior` the harder of a difference and its absence, here the difference, decides
    assert table["largest_spread"].iloc[1] == pytest.approx(0.1 / difference)
    assert table["largest_spread"].iloc[2] == pytest.approx(0.1 / not_worse)


def test_a_margin_is_decided_with_the_seeds_that_the_table_names() -> None:
    statistics = StatisticsParams(order="fixed")
    table = decision_table(PLANNED, statistics, 5, [0.1, 0.1, float("nan")])
    assert table["smallest"].iloc[0] == pytest.approx(0.1 * table["d_z"].iloc[0])
    assert table["seeds_for_margin"].isna().tolist() == [True, False, True]
    # alone at the whole error rate, equal arms are harder to show than a difference of 1 d_z
    needed = seeds_needed(1.0, power=0.9, alternative="greater")
    assert table["seeds_for_margin"].iloc[1] == max(needed, seeds_needed(1.0))
    enough = decision_table(PLANNED, statistics, int(table["seeds_for_margin"].iloc[1]))
    assert enough["largest_spread"].iloc[1] >= 0.1


def test_one_seed_decides_nothing() -> None:
    table = decision_table(PLANNED, StatisticsParams(), 1)
    assert table[["d_z", "largest_spread"]].isna().all(axis=None)


def test_a_further_seed_costs_the_mean_of_the_seeds_so_far() -> None:
    runs = pd.DataFrame(
        [("a", 0, 3600, 1), ("a", 0, 1800, 2), ("a", 1, 7200, 2), ("b", 0, 900, 4)],
        columns=["arm", "seed", "seconds", "threads"],
    )
    found = core_hours_per_seed(runs)
    # a: seed 0 costs 1 + 1, seed 1 costs 4; b: 1
    assert found.to_dict() == {"a": 3.0, "b": 1.0, "all": 4.0}


def test_no_runs_cost_nothing() -> None:
    runs = pd.DataFrame({name: np.zeros(0) for name in ("arm", "seed", "seconds", "threads")})
    assert core_hours_per_seed(runs).to_dict() == {"all": 0.0}


def test_what_settles_a_contrast_and_what_that_costs() -> None:
    contrasts = pd.DataFrame(
        {
            "a": list("abcd"),
            "b": "z",
            "n": 5,
            "seeds_for_80": [9.0, 3.0, np.inf, np.nan],
            "seeds_for_90": [12.0, 5.0, np.inf, np.nan],
        }
    )
    table = plan_table(contrasts, 0.5)
    assert tuple(table.columns) == PLAN_COLUMNS
    np.testing.assert_array_equal(table["further_80"], [4, 0, np.inf, np.nan])
    np.testing.assert_array_equal(table["core_hours_90"], [3.5, 0, np.inf, np.nan])


def test_what_costs_nothing_yet_has_no_infinite_price() -> None:
    contrasts = pd.DataFrame({"n": [5], "seeds_for_80": [np.inf], "seeds_for_90": [7.0]})
    table = plan_table(contrasts, 0.0)
    assert np.isnan(table["core_hours_80"].iloc[0])
    assert table["core_hours_90"].iloc[0] == 0


def test_images_for_a_margin_by_hand() -> None:
    plan = [
        ContrastParams(a="a", b="b", claim="not_worse", margin=0.02),
        ContrastParams(a="a", b="c", margin=0.02),
        ContrastParams(a="a", b="d"),
        ContrastParams(a="b", b="c", claim="not_worse", margin=0.02),
        ContrastParams(a="b", b="d", claim="not_worse", margin=0.02),
    ]
    keys = ["a", "b", "metric", "at", "images", "groups", "seed_sd", "image_sd", "rest_sd"]
    measured = pd.DataFrame(
        [
            ("a", "b", "dice", "final", 60, 30, 0.01, 0.05, 0.1),
            ("a", "d", "dice", "final", 60, 30, 0.01, 0.05, 0.1),
            ("b", "c", "dice", "final", 60, 30, 0.5, 0.05, 0.1),
            ("b", "d", "dice", "final", 60, 0, np.nan, np.nan, np.nan),
        ],
        columns=keys,
    )
    statistics = StatisticsParams(order="fixed")
    first, *others = images_table(plan, statistics, 10, measured)
    # a one-sided test of 10 seeds at 0.05 shows d_z 0.853 4 times in 5 (G*Power: 0.8530)
    error = (0.02 / 0.853) ** 2 / 10 - 0.01**2 / 10
    assert first == pytest.approx(2 * (0.05**2 + 0.1**2 / 10) / error, rel=0.01)
    assert np.isnan(others[0])  # not measured
    assert np.isnan(others[1])  # no margin
    assert others[2] == np.inf  # seeds differ by more than the margin
    assert np.isnan(others[3])  # not on several images
