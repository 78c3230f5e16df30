import pandas as pd
import pytest

from frugalseg.metrics import METRICS
from frugalseg.metrics.scores import score_counts

COLUMNS = ["round", "image_id", "class", "threshold", "tp", "fp", "fn", "tn"]


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def value(scores: pd.DataFrame, name: str, class_: str) -> float:
    return float(scores.set_index(["metric", "class"])["value"][name, class_])


def test_one_class_stands_under_all_only() -> None:
    scores = score_counts(table((0, "a", "defect", "half", 2, 1, 1, 6)))
    assert set(scores["class"]) == {"all"}
    assert len(scores) == len(METRICS)
    assert value(scores, "dice", "all") == pytest.approx(4 / 6)
    assert set(scores.loc[scores["metric"] == "dice", "all_background"]) == {0.0}


def test_the_mean_leaves_out_classes_that_do_not_occur() -> None:
    scores = score_counts(
        table(
            (0, "a", "pit", "half", 2, 1, 1, 6),
            (0, "a", "rust", "half", 0, 0, 0, 10),
        )
    )
    assert value(scores, "dice", "pit") == pytest.approx(4 / 6)
    assert value(scores, "dice", "all") == pytest.approx(4 / 6)
    assert pd.isna(value(scores, "dice", "rust"))


def test_the_all_background_score_stands_beside_each() -> None:
    scores = score_counts(
        table((0, "a", "defect", "half", 2, 1, 1, 6), (0, "b", "defect", "half", 0, 0, 0, 10))
    ).set_index("metric")
    assert scores.loc["dice_empty_one", "all_background"] == 0.5
    assert scores.loc["accuracy", "all_background"] == pytest.approx(17 / 20)
