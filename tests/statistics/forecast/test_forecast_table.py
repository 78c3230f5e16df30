import numpy as np
import pandas as pd
import pytest

from frugalseg.statistics.forecast.table import COLUMNS, TARGET_COLUMNS, Tables, forecast_tables

BUDGETS = {"initial": [4.0], "random": [8.0, 16.0, 32.0]}


def scores_table(metric: str = "dice", price: float = 60.0) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = [
        (arm, seed, number, n, n * price, n / 500, 0.8 - 0.5 * n**-0.5 + rng.normal(0, 0.01))
        for arm, budgets in BUDGETS.items()
        for number, n in enumerate(budgets)
        for seed in range(5)
    ]
    names = ["arm", "seed", "round", "images", "seconds", "fraction", "value"]
    return pd.DataFrame(rows, columns=names).assign(
        threshold="validation", metric=metric, **{"class": "all"}
    )


def tables_of(scores: pd.DataFrame, metric: str = "dice", **asked: list[float]) -> Tables:
    curves = {"random": ["initial", "random"], "alone": ["initial"]}
    return forecast_tables(scores, curves, metric, np.random.default_rng(1), **asked)


def test_measured_budgets_come_before_those_that_are_forecast() -> None:
    table = tables_of(scores_table()).forecast
    assert tuple(table) == COLUMNS
    assert set(table["arm"]) == {"random"}
    measured, ahead = (table[table["part"] == part] for part in ("measured", "forecast"))
    assert measured["images"].tolist() == [4, 8, 16, 32]
    assert measured["score"].iloc[-1] == pytest.approx(0.8 - 0.5 * 32**-0.5, abs=0.01)
    assert (ahead["low"] < ahead["score"]).all()
    assert (ahead["score"] < ahead["high"]).all()
    assert ahead["ratio"].iloc[0] == 1
    assert ahead["ratio"].is_monotonic_increasing
    hour = ahead["seconds"] - 32 * 60 - 3600
    assert hour.abs().min() < 1e-6
    assert set(table["unit"]) == {"masks"}


def test_prices_that_vary_make_time_the_unit() -> None:
    scores = scores_table()
    scores.loc[scores["arm"] == "random", "images"] = 20
    assert set(tables_of(scores).forecast["unit"]) == {"time"}


def test_targets_and_budgets_that_are_asked_for_are_answered() -> None:
    tables = tables_of(scores_table(), targets=[0.6, 0.99], images=[100.0, 1e6])
    assert tuple(tables.targets) == TARGET_COLUMNS
    assert tables.targets["target"].tolist() == [0.6, 0.99]
    assert tables.targets["state"].iloc[0] == "reached"
    assert (tables.forecast["images"] - 100).abs().min() < 1e-9
    assert tables.forecast["images"].max() < 1e4
    assert tables_of(scores_table()).targets["target"].tolist() == [0.75, 0.8, 0.85]


def test_what_falls_or_is_too_short_is_not_forecast() -> None:
    assert tables_of(scores_table("image_fpr"), "image_fpr").forecast.empty
    short = tables_of(scores_table().query("arm == 'initial'"))
    assert short.forecast.empty
    assert tuple(short.targets) == TARGET_COLUMNS
