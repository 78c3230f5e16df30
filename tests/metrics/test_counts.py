import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.functional.classification import multiclass_stat_scores

from frugalseg.core.errors import FrugalsegError
from frugalseg.metrics.counts import Counts, all_background, count, defined_mean, ratio

IGNORE = 255


def test_counts_by_hand() -> None:
    target = np.array([[[1, 1, 0, 255], [0, 0, 1, 255]]], np.uint8)
    preds = np.array([[[1, 0, 1, 1], [0, 0, 1, 0]]], np.uint8)
    assert count(preds, target, 1, IGNORE).tolist() == [[[2, 1, 1, 2]]]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**31))
def test_counts_equal_torchmetrics(classes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.integers(0, classes + 1, (3, 5, 6)).astype(np.uint8)
    preds = rng.integers(0, classes + 1, (3, 5, 6)).astype(np.uint8)
    target[rng.random(target.shape) < 0.2] = IGNORE
    ours = count(preds, target, classes, IGNORE)
    for number in range(3):
        peer = multiclass_stat_scores(
            torch.from_numpy(preds[number].astype(int))[None],
            torch.from_numpy(target[number].astype(int))[None],
            num_classes=classes + 1,
            average=None,
            ignore_index=IGNORE,
        )  # tp, fp, tn, fn, support
        assert np.array_equal(ours[number], peer.numpy()[1:, [0, 1, 3, 2]])


def test_an_empty_prediction_misses_all_and_invents_nothing() -> None:
    one = np.array([3]), np.array([2]), np.array([4]), np.array([10])
    empty = all_background(Counts(*one))
    assert [values.tolist() for values in vars(empty).values()] == [[0], [0], [7], [12]]


def test_a_value_that_is_no_class_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="Expected classes 0 to 1; found values"):
        count(np.array([[[2]]], np.uint8), np.array([[[1]]], np.uint8), 1, IGNORE)


def test_shapes_must_agree() -> None:
    with pytest.raises(FrugalsegError, match="one shape"):
        count(np.zeros((1, 2, 2), np.uint8), np.zeros((1, 2, 3), np.uint8), 1, IGNORE)


def test_a_ratio_is_undefined_where_nothing_divides() -> None:
    found = ratio(np.array([1, 2, 0]), np.array([4, 0, 5]))
    assert np.array_equal(found, [0.25, np.nan, 0.0], equal_nan=True)
    assert ratio(1.0, 4.0) == 0.25
    assert np.isnan(ratio(1.0, 0.0))


def test_a_mean_is_over_what_is_defined() -> None:
    assert defined_mean(np.array([0.5, np.nan, 1.0])) == 0.75
    assert np.isnan(defined_mean(np.array([np.nan])))
    assert np.isnan(defined_mean(np.array([])))
