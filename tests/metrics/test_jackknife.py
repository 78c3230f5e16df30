from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.metrics import jackknife
from frugalseg.metrics.confusion import miou_foreground
from frugalseg.metrics.jackknife import leave_one_out, scores_of_images

COUNTS = pd.DataFrame(
    [("k", 1, 1, 1, 9), ("i", 4, 0, 2, 6), ("j", 0, 3, 0, 9)],
    columns=["image_id", "tp", "fp", "fn", "tn"],
).assign(**{"class": "defect"})
ALONE = {"i": "i", "j": "j", "k": "k"}


def without(
    metric: str, counts: pd.DataFrame = COUNTS, groups: dict[str, str] = ALONE
) -> list[list[Any]]:
    table = leave_one_out(counts, scores_of_images()[metric], groups)
    return table.set_index("group")[["images", "score", "without"]].reset_index().values.tolist()


def test_the_mean_over_positive_images_by_hand() -> None:
    # i: 8/10, k: 2/4; j holds nothing, so it moves nothing
    assert without("dice") == [
        ["i", 1, pytest.approx(0.65), pytest.approx(0.5)],
        ["j", 1, pytest.approx(0.65), pytest.approx(0.65)],
        ["k", 1, pytest.approx(0.65), pytest.approx(0.8)],
    ]


def test_a_ratio_over_all_pixels_by_hand() -> None:
    assert [row[2:] for row in without("dice_pooled")] == [
        [pytest.approx(10 / 17), pytest.approx(2 / 7)],
        [pytest.approx(10 / 17), pytest.approx(10 / 14)],
        [pytest.approx(10 / 17), pytest.approx(8 / 13)],
    ]


def test_a_group_is_left_out_as_one() -> None:
    assert without("dice", groups={"i": "part", "j": "part", "k": "k"}) == [
        ["k", 1, pytest.approx(0.65), pytest.approx(0.8)],
        ["part", 2, pytest.approx(0.65), pytest.approx(0.5)],
    ]


def test_a_score_may_be_undefined_without_an_image() -> None:
    values = without("image_fpr")
    assert values[1] == ["j", 1, 1.0, pytest.approx(np.nan, nan_ok=True)]


def test_of_many_images_neighbors_are_left_out_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jackknife, "MOST", 2)
    # i and j are the first of two blocks
    assert without("dice") == [
        ["i", 2, pytest.approx(0.65), pytest.approx(0.5)],
        ["k", 1, pytest.approx(0.65), pytest.approx(0.8)],
    ]


def test_several_classes_are_averaged() -> None:
    other = COUNTS.assign(**{"class": "pit"}, tp=[0, 0, 5], fp=[0, 0, 0], fn=[0, 0, 5], tn=9)
    table = pd.concat([other, COUNTS])
    # the pit is in j alone: without j only the defect has a score
    assert without("miou_foreground", table)[1][2:] == [
        pytest.approx((5 / 12 + 1 / 2) / 2),
        pytest.approx(5 / 9),
    ]
    # pixels of background, defect, pit by true (rows) and predicted class
    confusion = np.array([[24, 4, 0], [3, 5, 0], [5, 0, 5]], dtype=np.float64)
    expected = miou_foreground(np.stack([confusion, confusion]))
    assert without("miou_foreground", table)[0][1:2] == [1]
    assert without("miou_foreground", table)[0][2] == pytest.approx(expected, abs=1e-12)
