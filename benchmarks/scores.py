"""Counting and scoring the predictions of many arms, against torchmetrics image by image."""

import statistics

import numpy as np
import pandas as pd
import torch
import torchmetrics
from numpy.typing import NDArray
from torchmetrics.functional.classification import (
    binary_accuracy,
    binary_f1_score,
    binary_jaccard_index,
    binary_precision,
    binary_recall,
)

from benchmarks.turns import turns
from frugalseg.core.constants import IGNORE
from frugalseg.core.device import configure_process
from frugalseg.metrics.counts import count
from frugalseg.metrics.scores import score_counts

IMAGES, ARMS, SIZE, ROUNDS = 1000, 12, 96, 5
THEIRS = (
    binary_f1_score,
    binary_jaccard_index,
    binary_accuracy,
    binary_precision,
    binary_recall,
)


def ours(preds: NDArray[np.uint8], target: NDArray[np.uint8]) -> pd.DataFrame:
    """Return every metric of an arm's predictions, from one set of counts."""
    counts = pd.DataFrame(count(preds, target, 1, IGNORE)[:, 0], columns=["tp", "fp", "fn", "tn"])
    counts = counts.assign(round=0, threshold="0.5", image_id=counts.index.astype(str))
    counts["class"] = "defect"
    return score_counts(counts)


def theirs(preds: torch.Tensor, target: torch.Tensor) -> list[float]:
    """Return five metrics of the same predictions, each the mean over images."""
    return [
        float(np.mean([float(metric(*pair)) for pair in zip(preds, target, strict=True)]))
        for metric in THEIRS
    ]


def main() -> None:
    """Print seconds of both and the median ratio; those of the peer are of one arm."""
    configure_process(1)
    rng = np.random.default_rng(0)
    target = (rng.random((IMAGES, SIZE, SIZE)) < 0.1).astype(np.uint8)
    preds = (rng.random((ARMS, IMAGES, SIZE, SIZE)) < 0.1).astype(np.uint8)
    one = torch.from_numpy(preds[0].astype(np.int64)), torch.from_numpy(target.astype(np.int64))
    scores = ours(preds[0], target).set_index("metric")["value"]
    if abs(scores["dice"] - theirs(*one)[0]) > 1e-6:
        raise ValueError(f"Dice is {scores['dice']}, torchmetrics' {theirs(*one)[0]}.")
    seconds = turns(
        lambda: [ours(arm, target) for arm in preds], lambda: theirs(*one), rounds=ROUNDS
    )
    mine, peer = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(ARMS * peers / own for own, peers in seconds)
    print(f"counts and all metrics of {ARMS} arms      {mine:7.2f} s")
    print(f"torchmetrics, {len(THEIRS)} metrics of one arm     {peer:7.2f} s, times {ARMS}")
    print(
        f"ratio                               {statistics.median(ratios):7.2f}  (from "
        f"{ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} pairs, {IMAGES} images of {SIZE} pixels, "
        f"torchmetrics {torchmetrics.__version__}, 1 thread)"
    )
