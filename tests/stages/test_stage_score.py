from pathlib import Path

import pandas as pd
import pytest

from frugalseg.metrics.scores import ALL
from frugalseg.stages import score


def test_files_of_runs_are_put_together_as_a_rule_names_them() -> None:
    named = [["a/counts.parquet", "b/counts.parquet"], ["a.csv", "b.csv"], ["0.csv", "1.csv"]]
    assert score.RunFiles.of([("full", 0), ("full", 1)], *named) == [
        score.RunFiles("full", 0, Path("a"), Path("a.csv"), Path("0.csv")),
        score.RunFiles("full", 1, Path("b"), Path("b.csv"), Path("1.csv")),
    ]
    with pytest.raises(ValueError, match="shorter"):
        score.RunFiles.of([("full", 0), ("full", 1)], named[0], named[1], ["0.csv"])


def test_the_summary_leaves_out_what_is_not_defined() -> None:
    rows = [
        ("twice", 0, 0, "dice", 0.1),  # of a round that is not the last one
        ("twice", 0, 1, "dice", 0.5),
        ("twice", 1, 1, "dice", 0.7),
        ("twice", 0, 1, "iou", 0.9),
        ("twice", 1, 1, "iou", float("nan")),
        ("once", 0, 0, "dice", 0.6),
        ("once", 0, 0, "iou", float("nan")),
    ]
    scores = pd.DataFrame(rows, columns=["arm", "seed", "round", "metric", "value"])
    # the deviations from 0.6 are 0.1: s = sqrt(2 * 0.01 / 1)
    assert score.summary(scores.assign(threshold="validation", **{"class": ALL})) == {
        "twice": {"dice": {"mean": 0.6, "std": 0.141421}, "iou": {"mean": 0.9}},
        "once": {"dice": {"mean": 0.6}},
    }
