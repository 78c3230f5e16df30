import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from torchmetrics.functional.classification import (
    binary_calibration_error,
    multiclass_calibration_error,
)

from frugalseg.metrics.calibration import (
    BINS,
    FIELDS,
    histograms,
    labeled_pixels,
    merge_bins,
)
from frugalseg.metrics.scores import functions

# four pixels of one image, background and one class; the last is certain and wrong
PROBS = np.array([[0.9, 0.1], [0.6, 0.4], [0.25, 0.75], [0.0, 1.0]], np.float32)
TARGET = np.array([0, 1, 1, 0], np.uint8)
BY_HAND = {
    # bins of 10: .9 right, .6 wrong, .75 right, 1 wrong: the last shares no bin with .9 by 30ths,
    # but does by tenths: |1 - 1.9| + |0 - .6| + |1 - .75|
    "ece_10": (0.9 + 0.6 + 0.25) / 4,
    # bins of 15: .9 in [.867, .933), 1 in [.933, 1]
    "ece_15": (0.1 + 0.6 + 0.25 + 1.0) / 4,
    "foreground_ece": (0.1 + 0.6 + 0.25 + 1.0) / 4,
    "brier": (2 * 0.01 + 2 * 0.36 + 2 * 0.0625 + 2) / 4,
    "nll": -(math.log(0.9) + math.log(0.4) + math.log(0.75) + math.log(1e-7)) / 4,
}


def metric(name: str, histograms: NDArray[np.float64]) -> float:
    return functions("calibration")[name](histograms)


@pytest.mark.parametrize("name", functions("calibration"))
def test_every_metric_by_hand(name: str) -> None:
    assert metric(name, histograms(PROBS, TARGET)) == pytest.approx(BY_HAND[name], abs=1e-6)


def test_metrics_after_scaling_are_the_same_functions() -> None:
    before = functions("calibration")
    assert functions("scaled calibration") == {f"{name}_scaled": before[name] for name in before}


def test_without_pixels_nothing_is_defined() -> None:
    empty = histograms(PROBS[:0], TARGET[:0])
    assert all(math.isnan(metric(name, empty)) for name in BY_HAND)


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    top1, foreground = histograms(PROBS[3:], TARGET[3:])
    for histogram in (top1, foreground):
        assert histogram[-1, FIELDS.index("count")] == 1
        assert histogram[:-1].sum() == 0


def test_ignored_pixels_are_left_out() -> None:
    probs_N_C_H_W = np.random.default_rng(0).dirichlet([1, 1, 1], (2, 4, 5)).astype(np.float32)
    probs_N_C_H_W = np.moveaxis(probs_N_C_H_W, -1, 1)
    target = np.full((2, 4, 5), 255, np.uint8)
    target[0, 1, 2], target[1, 3, 4] = 2, 0
    probs, known = labeled_pixels(probs_N_C_H_W, target, 255)
    assert known.tolist() == [2, 0]
    assert np.array_equal(probs, [probs_N_C_H_W[0, :, 1, 2], probs_N_C_H_W[1, :, 3, 4]])


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("bins", [10, 15])
def test_ece_equals_torchmetrics(classes: int, bins: int) -> None:
    rng = np.random.default_rng(classes)
    probs = rng.dirichlet(np.full(classes, 0.5), 5000).astype(np.float32)
    target = rng.integers(0, classes, 5000).astype(np.uint8)
    peer = multiclass_calibration_error(
        torch.from_numpy(probs), torch.from_numpy(target).long(), classes, n_bins=bins
    )
    found = metric(f"ece_{bins}", histograms(probs, target))
    assert found == pytest.approx(float(peer), abs=1e-6)


def test_foreground_ece_equals_torchmetrics() -> None:
    rng = np.random.default_rng(1)
    foreground = rng.random(5000).astype(np.float32) ** 4
    target = (rng.random(5000) < foreground**2).astype(np.uint8)
    peer = binary_calibration_error(
        torch.from_numpy(foreground), torch.from_numpy(target).long(), n_bins=15
    )
    sums = histograms(np.stack([1 - foreground, foreground], axis=1), target)
    assert metric("foreground_ece", sums) == pytest.approx(float(peer), abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_sums_add_up_and_scores_stay_in_range(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet([0.3, 0.3, 0.3], size).astype(np.float32)
    target = rng.integers(0, 3, size).astype(np.uint8)
    sums = histograms(probs, target)
    parts = histograms(probs[: size // 2], target[: size // 2])
    parts = parts + histograms(probs[size // 2 :], target[size // 2 :])
    np.testing.assert_allclose(parts, sums, atol=1e-4)
    assert sums[:, :, 0].sum(axis=1).tolist() == [size, size]
    for name in ("ece_10", "ece_15", "foreground_ece"):
        assert -1e-6 <= metric(name, sums) <= 1 + 1e-6
    assert 0 <= metric("brier", sums) <= 2 + 1e-5
    # merging bins can only hide errors of opposite sign
    assert metric("ece_15", sums) <= np.abs(sums[0, :, 2] - sums[0, :, 1]).sum() / size + 1e-9
    assert merge_bins(sums[0], BINS).tolist() == sums[0].tolist()
