import numpy as np
import pandas as pd
import pytest

from frugalseg.statistics.planning import (
    PLAN_COLUMNS,
    core_hours_per_seed,
    plan_table,
    power_table,
    seeds_table,
)
from frugalseg.statistics.power import power_of


def test_the_table_holds_what_each_number_of_seeds_shows() -> None:
    table = power_table([1, 5, 7], 2, spread=0.02)
    assert table["d_z_80"].isna().tolist() == [True, False, False]
    five = table.iloc[1]
    assert power_of(five["d_z_80"], 5, alpha=0.025) == pytest.approx(0.8, abs=1e-6)
    assert power_of(five["d_z_90"], 5, alpha=0.025) == pytest.approx(0.9, abs=1e-6)
    assert five["difference_90"] == pytest.approx(0.02 * five["d_z_90"])
    assert table["smallest_rank_p"].tolist() == [1.0, 0.0625, 0.015625]
    assert table["rank_tests_can_decide"].tolist() == [False, False, True]


def test_without_a_spread_nothing_is_said_in_units_of_the_metric() -> None:
    assert "difference_80" not in power_table([5], 1)


def test_seeds_for_the_effects_of_the_textbook() -> None:
    table = seeds_table([0.5, 1.0], 1)
    assert table["seeds_80"].tolist() == [34, 10]
    assert table["seeds_90"].tolist() == [44, 13]
    assert (seeds_table([0.5, 1.0], 5)["seeds_80"] > table["seeds_80"]).all()


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
