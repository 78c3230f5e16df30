import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from frugalseg.metrics.threshold import (
    BINS,
    best_threshold,
    dice_by_threshold,
    share_histogram,
)


def of_one_class(
    shares: list[float], target: list[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the histogram and the positives of a single class."""
    truth = np.array(target, np.uint8)
    ones = np.ones_like(truth)
    found = share_histogram(np.array(shares, np.float32), ones, truth, count=1, ignore=255)
    return found, np.array([(truth == 1).sum()])


def test_share_one_falls_into_the_last_bin_and_ignored_pixels_into_none() -> None:
    found, _ = of_one_class([0.0, 0.05, 1.0, 0.5], [0, 1, 1, 255])
    assert found[0, 0].nonzero()[0].tolist() == [0]
    assert found[0, 1].nonzero()[0].tolist() == [5, BINS - 1]


def test_a_pixel_counts_for_the_class_that_it_would_be_called() -> None:
    shares = np.array([0.3, 0.3, 0.9], np.float32)
    classes, target = np.array([1, 2, 2], np.uint8), np.array([2, 2, 0], np.uint8)
    found = share_histogram(shares, classes, target, count=2, ignore=255)
    assert np.argwhere(found).tolist() == [[0, 0, 30], [1, 0, 90], [1, 1, 30]]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4))
def test_dice_by_threshold_is_the_mean_over_the_classes_that_occur(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    target = (rng.integers(1, count + 1, 200) * (rng.random(200) < 0.3)).astype(np.uint8)
    classes = rng.integers(1, count + 1, 200).astype(np.uint8)
    shares = (rng.integers(0, BINS, 200) / BINS + 0.005).astype(np.float32)
    positives = np.bincount(target, minlength=count + 1)[1:]
    if not positives.any():
        return
    found = share_histogram(shares, classes, target, count=count, ignore=255)
    curve = dice_by_threshold(found, positives)
    occurring = 1 + np.flatnonzero(positives)
    for place in (1, 30, 77):
        preds = classes * (shares >= place / BINS)
        scores = [
            2 * ((preds == k) & (target == k)).sum() / ((preds == k).sum() + (target == k).sum())
            for k in occurring
        ]
        assert curve[place] == pytest.approx(np.mean(scores))


def test_the_best_threshold_separates_and_ties_go_to_the_middle() -> None:
    assert best_threshold(*of_one_class([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])) == (0.5, 1.0)


def test_classes_that_are_never_the_most_probable_get_a_lower_threshold() -> None:
    shares = np.array([0.1, 0.1, 0.3, 0.4], np.float32)
    classes, target = np.array([1, 2, 1, 2], np.uint8), np.array([0, 0, 1, 2], np.uint8)
    found = share_histogram(shares, classes, target, count=2, ignore=255)
    assert best_threshold(found, np.array([1, 1])) == (0.3, 1.0)


def test_without_foreground_the_threshold_is_one_half() -> None:
    threshold, dice = best_threshold(*of_one_class([0.3], [0]))
    assert threshold == 0.5
    assert math.isnan(dice)
