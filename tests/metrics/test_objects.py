import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from frugalseg.metrics.objects import FIELDS, Objects, match_objects, object_dice, object_f1


def grid(*rows: str) -> NDArray[np.uint8]:
    return np.array([[int(char) if char != "x" else 255 for char in row] for row in rows], np.uint8)


def match(preds: NDArray[np.uint8], target: NDArray[np.uint8], classes: int = 1) -> Objects:
    return Objects(*match_objects(preds[None], target[None], classes, 255)[0, 0])


# truth: A (4 pixels, left), B (3 pixels, right), C (1 pixel, bottom). prediction: P covers half of
# A and one pixel beside it, Q covers 1 of 3 of B, R lies alone
TRUTH = grid(
    "1100011",
    "1100010",
    "0000000",
    "0010000",
)
PREDS = grid(
    "0110001",
    "0100000",
    "0000000",
    "0000110",
)


def test_definitions_by_hand() -> None:
    found = match(PREDS, TRUTH)
    assert (found.tp, found.fp, found.fn) == (1, 2, 2)
    assert object_f1(found) == pytest.approx(2 / 6)
    dice_a, dice_b = 2 * 2 / (4 + 3), 2 * 1 / (3 + 1)
    truth = (4 * dice_a + 3 * dice_b + 0) / 8
    pred = (3 * dice_a + 1 * dice_b + 0) / 6
    assert object_dice(found) == pytest.approx((truth + pred) / 2)


def test_one_prediction_over_two_objects_matches_the_one_it_shares_most_with() -> None:
    found = match(grid("11111"), grid("11011"))
    # of equal overlaps the first counts
    assert (found.tp, found.fp, found.fn) == (1, 0, 1)
    assert object_dice(found) == pytest.approx((2 * 2 / 7 + 2 * 2 / 7) / 2)
    found = match(grid("11111"), grid("10111"))
    assert (found.tp, found.fn) == (1, 1)
    assert found.pred_dice == pytest.approx(5 * 2 * 3 / 8)


def test_diagonal_neighbors_are_one_object_and_images_are_apart() -> None:
    diagonal = grid("10", "01")
    assert match(diagonal, diagonal).tp == 1
    both = np.stack([diagonal, diagonal])
    assert match_objects(both, both, 1, 255)[:, 0, 0].tolist() == [1, 1]


def test_ignored_pixels_belong_to_no_object() -> None:
    found = match(grid("1101", "0001"), grid("11xx", "00xx"))
    assert (found.tp, found.fp, found.fn, found.pred_pixels) == (1, 0, 0, 2)


def test_classes_are_matched_each_for_itself() -> None:
    values = match_objects(grid("102")[None], grid("201")[None], 2, 255)
    assert values.shape == (1, 2, len(FIELDS))
    assert values[0, :, 0].tolist() == [0, 0]
    assert values[0, :, 1].tolist() == [1, 1]


@pytest.mark.parametrize(("preds", "target"), [("00", "11"), ("11", "00")])
def test_finding_nothing_or_inventing_scores_zero(preds: str, target: str) -> None:
    found = match(grid(preds), grid(target))
    assert object_f1(found) == 0
    assert object_dice(found) == 0


def test_nothing_there_and_nothing_found_is_undefined() -> None:
    found = match(grid("00"), grid("00"))
    assert math.isnan(object_f1(found))
    assert math.isnan(object_dice(found))


def slow(preds: NDArray[np.uint8], target: NDArray[np.uint8]) -> tuple[float, float]:
    """F1 and object Dice object by object, by scikit-image's labels, as the paper writes them."""
    from skimage.measure import label

    found, truth = label(preds, connectivity=2), label(target, connectivity=2)

    def nearest(own: NDArray[np.bool_], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        inside = others[own & (others > 0)]
        return others == np.bincount(inside).argmax() if len(inside) else np.zeros_like(own)

    def weighted(ones: NDArray[np.int64], others: NDArray[np.int64]) -> float:
        total = 0.0
        for number in range(1, ones.max() + 1):
            own = ones == number
            other = nearest(own, others)
            dice = 2 * (own & other).sum() / (own.sum() + other.sum())
            total += own.sum() / (ones > 0).sum() * dice
        return total

    tp, matched = 0, set()
    for number in range(1, found.max() + 1):
        other = nearest(found == number, truth)
        if other.any() and ((found == number) & other).sum() >= 0.5 * other.sum():
            tp += 1
            matched.add(int(truth[other][0]))
    fp, fn = found.max() - tp, truth.max() - len(matched)
    return 2 * tp / (2 * tp + fp + fn), (weighted(truth, found) + weighted(found, truth)) / 2


@given(st.integers(0, 2**32 - 1))
def test_it_agrees_with_object_by_object(seed: int) -> None:
    rng = np.random.default_rng(seed)
    preds, target = (rng.random((2, 9, 9)) < 0.35).astype(np.uint8)
    if preds.any() and target.any():
        found = match(preds, target)
        f1, dice = slow(preds, target)
        assert object_f1(found) == pytest.approx(f1)
        assert object_dice(found) == pytest.approx(dice)
