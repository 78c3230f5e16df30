import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.metrics.threshold import (
    BINS,
    best_threshold,
    dice_by_threshold,
    probability_histogram,
)


def test_probability_one_falls_into_the_last_bin_and_ignored_pixels_into_none() -> None:
    probs = np.array([0.0, 0.05, 1.0, 0.5], np.float32)
    target = np.array([0, 1, 1, 255], np.uint8)
    found = probability_histogram(probs, target, 255)
    assert found[0].nonzero()[0].tolist() == [0]
    assert found[1].nonzero()[0].tolist() == [5, BINS - 1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_dice_by_threshold_equals_thresholding(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = (rng.random(200) < 0.3).astype(np.uint8)
    probs = rng.integers(0, BINS, 200) / BINS + 0.005
    if not target.any():
        return
    curve = dice_by_threshold(probability_histogram(probs.astype(np.float32), target, 255))
    for place in (1, 30, 77):
        preds = probs >= place / BINS
        expected = 2 * (preds & (target == 1)).sum() / (preds.sum() + target.sum())
        assert curve[place] == pytest.approx(expected)


def test_the_best_threshold_separates_and_ties_go_to_the_middle() -> None:
    probs = np.array([0.1, 0.2, 0.8, 0.9], np.float32)
    found = probability_histogram(probs, np.array([0, 0, 1, 1], np.uint8), 255)
    assert best_threshold(found) == (0.5, 1.0)


def test_without_foreground_the_threshold_is_one_half() -> None:
    threshold, dice = best_threshold(
        probability_histogram(np.array([0.3], np.float32), np.array([0], np.uint8), 255)
    )
    assert threshold == 0.5
    assert math.isnan(dice)
