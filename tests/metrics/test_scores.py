import numpy as np
import pandas as pd
import pytest

from frugalseg.metrics.calibration import histograms
from frugalseg.metrics.objects import FIELDS
from frugalseg.metrics.scores import (
    functions,
    score_calibration,
    score_confusion,
    score_counts,
    score_objects,
)
from frugalseg.metrics.tables import calibration_table, confusion_table

COLUMNS = ["round", "image_id", "class", "threshold", "tp", "fp", "fn", "tn"]


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def value(scores: pd.DataFrame, name: str, class_: str) -> float:
    return float(scores.set_index(["metric", "class"])["value"][name, class_])


def test_one_class_stands_under_all_only() -> None:
    scores = score_counts(table((0, "a", "defect", "half", 2, 1, 1, 6)))
    assert set(scores["class"]) == {"all"}
    assert len(scores) == len(functions("counts"))
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


def test_object_scores_come_from_sums_over_images() -> None:
    names = ["round", "image_id", "class", *FIELDS]
    objects = pd.DataFrame(
        [
            (0, "a", "gland", 1, 0, 1, 4.0, 8.0, 4.0, 4.0),
            (0, "b", "gland", 2, 1, 0, 6.0, 6.0, 6, 8),
        ],
        columns=names,
    )
    scores = score_objects(objects)
    assert set(scores["threshold"]) == {"validation"}
    assert value(scores, "object_f1", "all") == pytest.approx(6 / 8)
    assert value(scores, "object_dice", "all") == pytest.approx((10 / 14 + 10 / 12) / 2)
    assert scores["all_background"].tolist() == [0, 0]


def test_calibration_scores_stand_under_all_and_have_no_floor() -> None:
    raw = histograms(np.array([[0.2, 0.8]], np.float32), np.array([1], np.uint8))
    scaled = histograms(np.array([[0.1, 0.9]], np.float32), np.array([1], np.uint8))
    table = calibration_table(np.stack([raw, scaled]), 0.5)
    scores = score_calibration(pd.concat([table.assign(round=r) for r in (0, 1)]))
    names = [*functions("calibration"), *functions("scaled calibration")]
    assert scores["metric"].tolist() == 2 * names
    assert set(scores["class"]) == {"all"}
    assert value(scores.query("round == 1"), "ece_10", "all") == pytest.approx(0.2)
    assert value(scores.query("round == 1"), "ece_10_scaled", "all") == pytest.approx(0.1)
    assert scores["all_background"].isna().all()


def test_scores_of_all_classes_have_their_all_background_score_beside_them() -> None:
    pixels = np.array([[6.0, 2], [1, 1]])
    confusion = confusion_table(np.stack([pixels, pixels]), "half").assign(round=1)
    scores = score_confusion(confusion)
    assert set(scores["class"]) == {"all"}
    assert set(scores["metric"]) == set(functions("confusion"))
    rows = scores.set_index("metric")
    assert rows.loc["miou", "value"] == pytest.approx((6 / 9 + 1 / 4) / 2)
    assert rows.loc["miou", "all_background"] == pytest.approx((8 / 10 + 0) / 2)
    assert rows.loc["pixel_accuracy", "value"] == 0.7
    assert rows.loc["pixel_accuracy", "all_background"] == 0.8
