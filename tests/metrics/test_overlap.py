import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.metrics.counts import Counts
from frugalseg.metrics.scores import functions

# image 0: tp 2, fp 1, fn 1 (Dice 4/6, IoU 2/4); image 1: nothing there, 3 invented;
# image 2: nothing there, nothing predicted; image 3: 4 there, none found
COUNTS = Counts(
    tp=np.array([2, 0, 0, 0]),
    fp=np.array([1, 3, 0, 0]),
    fn=np.array([1, 0, 0, 4]),
    tn=np.array([6, 7, 10, 6]),
)
BY_HAND = {
    "dice": (4 / 6 + 0) / 2,
    "dice_pooled": 4 / (4 + 4 + 5),
    "dice_empty_one": (4 / 6 + 0 + 1 + 0) / 4,
    "dice_empty_undefined": (4 / 6 + 0 + 0) / 3,
    "iou": (2 / 4 + 0) / 2,
    "iou_pooled": 2 / (2 + 4 + 5),
    "accuracy": (2 + 29) / 40,
    "precision": 2 / 6,
    "recall": 2 / 7,
    "image_fpr": 1 / 2,
}


def metric(name: str, counts: Counts) -> float:
    return float(functions("counts")[name](counts))


@pytest.mark.parametrize("name", functions("counts"))
def test_every_metric_by_hand(name: str) -> None:
    assert metric(name, COUNTS) == pytest.approx(BY_HAND[name])


@pytest.mark.parametrize(
    "name", ["dice", "dice_pooled", "dice_empty_undefined", "iou", "iou_pooled", "recall"]
)
def test_without_positives_or_predictions_overlap_is_undefined(name: str) -> None:
    zero = np.zeros(2, np.int64)
    assert math.isnan(metric(name, Counts(zero, zero, zero, zero + 9)))


def test_without_negatives_the_false_positive_rate_is_undefined() -> None:
    one = np.ones(2, np.int64)
    assert math.isnan(metric("image_fpr", Counts(one, one, one, one)))


COUNT = st.lists(st.tuples(*[st.integers(0, 99)] * 4), min_size=1, max_size=6)


@given(COUNT, st.randoms(use_true_random=False))
def test_order_of_images_changes_nothing(rows: list[tuple[int, ...]], random: object) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for name in BY_HAND:
        one, two = (metric(name, Counts(*np.array(r).T)) for r in (rows, shuffled))
        assert one == pytest.approx(two, nan_ok=True)


@given(COUNT)
def test_dice_and_iou_agree_where_both_are_pooled(rows: list[tuple[int, ...]]) -> None:
    counts = Counts(*np.array(rows).T)
    dice, iou = metric("dice_pooled", counts), metric("iou_pooled", counts)
    assert dice == pytest.approx(2 * iou / (1 + iou), nan_ok=True)
