import hashlib
import json
import re
from dataclasses import replace
from importlib.resources import files

import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.chart import LIBRARY, chart_data, chart_table, library

ASSETS = files("frugalseg.reporting") / "assets"


def test_the_library_is_the_one_that_was_pinned() -> None:
    row = next(line for line in (ASSETS / "README.md").read_text().splitlines() if LIBRARY in line)
    digest = hashlib.sha256((ASSETS / LIBRARY).read_bytes()).hexdigest()
    assert digest in row
    version = re.search(r"minified\) v([\d.]+)", library())
    assert version is not None
    assert version[1] in row
    assert "MIT License" in (ASSETS / "plotly-license.txt").read_text()
    assert "</script" not in library()


def test_the_chart_holds_the_numbers_of_the_curve(study: Study) -> None:
    data = chart_data(study)
    assert data is not None
    assert [axis["key"] for axis in data["axes"]] == ["images", "pixels", "time", "price"]
    points = [
        (line["arm"], point["round"], point["x"], point["mean"], point["ci_low"])
        for line in data["axes"][0]["lines"]
        for point in line["points"]
    ]
    rows = study.curve[study.curve["metric"] == "dice"]
    expected = rows[["arm", "round", "images", "mean", "ci_low"]].itertuples(index=False)
    assert sorted(points) == sorted(map(tuple, expected))
    seeds = [seed for line in data["axes"][0]["lines"] for seed in line["seeds"]]
    assert len(seeds) == 7 * 5


def test_money_is_hours_times_the_price(study: Study) -> None:
    data = chart_data(study)
    assert data is not None
    time, price = data["axes"][2]["lines"], data["axes"][3]["lines"]
    # 60 s a mask and 30 an hour: a minute costs 0.5.
    for minutes, money in zip(time, price, strict=True):
        for one, other in zip(minutes["points"], money["points"], strict=True):
            assert other["x"] == pytest.approx(0.5 * one["x"])


def test_what_is_missing_is_null_in_json(study: Study) -> None:
    gone = replace(study, curve=study.curve.assign(ci_low=float("nan"), ci_high=float("nan")))
    text = json.dumps(chart_data(gone), allow_nan=False)
    assert '"ci_low": null' in text


def test_a_study_without_scores_has_no_chart(study: Study) -> None:
    empty = replace(study, curve=study.curve.iloc[:0])
    assert chart_data(empty) is None
    assert chart_table(empty) is None


def test_published_values_of_the_metric_are_marks(study: Study) -> None:
    entry = {"name": "Dice", "source": "A 2020", "value": 0.9, "metric": "dice", "arm": "random"}
    entries = [entry, {**entry, "metric": "iou"}, {**entry, "arm": "full"}]
    shown = replace(study, params={**study.params, "published": entries})
    data = chart_data(shown)
    assert data is not None
    [mark] = data["axes"][0]["published"]
    assert (mark["x"], mark["value"], mark["text"]) == (6, 0.9, "Dice, A 2020")


def test_the_table_has_every_point_and_every_cost(study: Study) -> None:
    table = chart_table(study)
    assert table is not None
    assert len(table.rows) == 7
    assert list(table.data["arm"].unique()) == list(study.arms)
    assert {"images", "pixels", "time", "price", "mean"} <= set(table.data)
    pd.testing.assert_series_equal(
        table.data["mean"].sort_values().reset_index(drop=True),
        study.points["mean"].sort_values().reset_index(drop=True),
    )
