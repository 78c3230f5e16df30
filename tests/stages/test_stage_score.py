import pandas as pd

from frugalseg.metrics.scores import ALL
from frugalseg.stages import score


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
