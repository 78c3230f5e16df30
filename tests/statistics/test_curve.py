from collections.abc import Callable

import numpy as np
import pandas as pd

from frugalseg.statistics.curve import curve_table

MakeScores = Callable[..., pd.DataFrame]


def test_mean_interval_and_costs_per_arm_and_round(make_scores: MakeScores) -> None:
    scores = make_scores(
        {
            "z": {seed: [(0.1, seed / 10), (0.2, 0.9)] for seed in (1, 2, 3)},
            "a": {seed: [(1.0, 0.5)] for seed in (1, 2)},
        }
    )
    table = curve_table(scores)
    assert table["arm"].tolist() == ["z", "z", "a"]  # as they come, not by name
    assert table["round"].tolist() == [0, 1, 0]
    first = table.iloc[0]
    # mean 0.2, standard deviation 0.1, n = 3: +- 4.302653 * 0.1 / sqrt(3)
    np.testing.assert_allclose(
        [first["mean"], first["ci_low"], first["ci_high"], first["low"], first["high"]],
        [0.2, -0.0484138, 0.4484138, 0.1, 0.3],
        atol=1e-6,
    )
    assert (first["images"], first["seconds"], first["fraction"]) == (10, 600, 0.1)
    assert table["n"].tolist() == [3, 3, 2]
    assert table["missing"].tolist() == ["", "", "3"]
    assert table.loc[1, ["ci_low", "ci_high"]].isna().all()  # no spread


def test_a_score_that_is_no_number_is_left_out_and_named(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5)], 1: [(0.1, float("nan"))]}})
    row = curve_table(scores).iloc[0]
    assert (row["n"], row["mean"], row["missing"]) == (1, 0.5, "1")
    gone = curve_table(make_scores({"a": {0: [(0.1, float("nan"))]}})).iloc[0]
    assert gone["n"] == 0
    assert np.isnan(gone["mean"])


def test_one_of_several_metrics_is_chosen(make_scores: MakeScores) -> None:
    curves = {"a": {0: [(0.1, 0.5)]}}
    scores = pd.concat([make_scores(curves), make_scores(curves, metric="iou")])
    assert curve_table(scores, "iou")["metric"].tolist() == ["iou"]
