import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.functional.classification import (
    multiclass_accuracy,
    multiclass_confusion_matrix,
    multiclass_jaccard_index,
)

from frugalseg.metrics.confusion import background_only, confusion
from frugalseg.metrics.scores import functions

IGNORE = 255
# true background 8, pit 4, rust 2 and a class that is neither there nor predicted
PIXELS = np.array([[6, 2, 0, 0], [1, 3, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0]], float)
EXAMPLE = np.stack([PIXELS, PIXELS * 0.5])
BY_HAND = {
    "miou": (6 / 11 + 3 / 6 + 0) / 3,
    "miou_foreground": (3 / 6 + 0) / 2,
    "mdice": (12 / 17 + 6 / 9 + 0) / 3,
    "pixel_accuracy": 9 / 14,
    "mpa": (6 / 8 + 3 / 4 + 0) / 3,
    "dice_coef_multiclass": 0.5,
}


def metric(name: str, found: np.ndarray) -> float:
    return float(functions("confusion")[name](found))


def example(seed: int, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities, predictions and targets of 3 images of 5 x 6 pixels."""
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.ones(classes + 1), (3, 5, 6)).transpose(0, 3, 1, 2).astype(np.float32)
    target = rng.integers(0, classes + 1, (3, 5, 6)).astype(np.uint8)
    target[rng.random(target.shape) < 0.2] = IGNORE
    return probs, probs.argmax(axis=1).astype(np.uint8), target


@pytest.mark.parametrize("name", functions("confusion"))
def test_every_metric_by_hand(name: str) -> None:
    assert metric(name, EXAMPLE) == pytest.approx(BY_HAND[name])


@pytest.mark.parametrize("name", functions("confusion"))
def test_without_pixels_nothing_is_defined(name: str) -> None:
    assert math.isnan(metric(name, np.zeros((2, 3, 3))))


def test_predicting_nothing_is_as_good_as_the_background_is_common() -> None:
    empty = background_only(EXAMPLE)
    assert empty[0, :, 0].tolist() == [8, 4, 2, 0]
    assert empty[0, :, 1:].sum() == 0
    assert metric("pixel_accuracy", empty) == metric("dice_coef_multiclass", empty) == 8 / 14
    assert metric("miou_foreground", empty) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4))
def test_pixels_and_metrics_equal_torchmetrics(seed: int, classes: int) -> None:
    probs, preds, target = example(seed, classes)
    found = confusion(probs, preds, target, IGNORE)
    ours = torch.from_numpy(preds.astype(int)), torch.from_numpy(target.astype(int))
    size: dict[str, Any] = {"num_classes": classes + 1, "ignore_index": IGNORE}
    peer = multiclass_confusion_matrix(*ours, **size)
    assert np.array_equal(found[0], peer.numpy())
    absent = (found[0].sum(axis=0) + found[0].sum(axis=1)) == 0
    if not absent.any():
        iou = multiclass_jaccard_index(*ours, **size, average="none")
        assert metric("miou", found) == pytest.approx(float(iou.mean()), abs=1e-6)
        assert metric("miou_foreground", found) == pytest.approx(float(iou[1:].mean()), abs=1e-6)
    if (found[0].sum(axis=1) > 0).all():
        recall = multiclass_accuracy(*ours, **size, average="none")
        assert metric("mpa", found) == pytest.approx(float(recall.mean()), abs=1e-6)
    micro = multiclass_accuracy(*ours, **size, average="micro")
    assert metric("pixel_accuracy", found) == pytest.approx(float(micro), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4))
def test_the_pooled_dice_is_soft_dice_of_everything_flattened(seed: int, classes: int) -> None:
    probs, preds, target = example(seed, classes)
    known = np.moveaxis(probs, 1, -1)[target != IGNORE].astype(float)
    truth = np.eye(classes + 1)[target[target != IGNORE]]
    flat = 2 * (known * truth).sum() / (known.sum() + truth.sum())
    found = confusion(probs, preds, target, IGNORE)
    assert metric("dice_coef_multiclass", found) == pytest.approx(flat, abs=1e-6)


@given(st.integers(0, 2**31))
def test_batches_add_up(seed: int) -> None:
    probs, preds, target = example(seed, 3)
    parts = [
        confusion(probs[k : k + 1], preds[k : k + 1], target[k : k + 1], IGNORE) for k in range(3)
    ]
    whole, summed = confusion(probs, preds, target, IGNORE), np.sum(parts, axis=0)
    assert np.array_equal(whole[0], summed[0])
    assert np.allclose(whole, summed)
