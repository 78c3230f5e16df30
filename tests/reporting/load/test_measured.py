import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_project import ROOT

from frugalseg.params import load, plan
from frugalseg.reporting.load.measured import measured_runs, measured_scores, paired_spreads
from frugalseg.settings.study import ContrastParams

PLAN = plan(load(ROOT / "params.yaml"), "builtin")


def test_only_planned_trainings_count(tmp_path: Path) -> None:
    for arm, seed, number in (("random", 1, 1), ("random", 7, 1), ("gone", 1, 0)):
        path = tmp_path / "train" / arm / f"seed-{seed}/round-{number}/run.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"seconds": 30, "threads": 1}))
    found = measured_runs(tmp_path, PLAN, [0, 1])
    assert found.to_numpy().tolist() == [["random", 1, 1, 30.0, 1]]


def test_nothing_measured_yet(tmp_path: Path) -> None:
    assert measured_runs(tmp_path, PLAN, [0]).empty
    assert measured_scores(tmp_path) is None


def test_the_scatter_is_that_of_the_pairs() -> None:
    scored = {"a": [0.5, 0.7, 0.6], "b": [0.5, 0.6, np.nan], "c": [0.4, 0.6, 0.5]}
    rows = [
        (arm, seed, 0, 0.1, "validation", "all", "dice", value)
        for arm, values in scored.items()
        for seed, value in enumerate(values)
    ]
    names = ["arm", "seed", "round", "fraction", "threshold", "class", "metric", "value"]
    scores = pd.DataFrame(rows, columns=names)
    pairs = [
        ContrastParams(a="a", b="b"),
        ContrastParams(a="a", b="c"),
        ContrastParams(a="a", b="x"),
    ]
    (n, spread), constant, absent = paired_spreads(scores, pairs, [0, 1, 2])
    assert n == 2
    assert spread == pytest.approx(0.1 / np.sqrt(2))
    assert constant[0] == 3
    assert absent[0] == 0
    assert np.isnan([constant[1], absent[1]]).all()
