"""Prediction with batch normalizations folded into convolutions, against the network as trained.

The U-Net of the built-in study predicts noise of 96 x 96 and 384 x 384 pixels. Both alternate, and
only the processor time of one thread counts.
"""

import statistics
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.steps import network
from benchmarks.turns import turns
from frugalseg.core.device import configure_process
from frugalseg.models.fold import fold_batch_norms
from frugalseg.models.predict import predict
from frugalseg.models.scaling import Scaling

SIZES, ROUNDS = {96: 120, 384: 8}, 7
"""Side in pixels, and images of this size."""
CPU, SCALING = torch.device("cpu"), Scaling("imagenet")


def predict_all(model: nn.Module, pictures: NDArray[np.uint8]) -> None:
    """Predict every picture (uint8, N x H x W x 3)."""
    for _ in predict(model, pictures, np.arange(len(pictures)), scaling=SCALING, device=CPU):
        pass


def main() -> None:
    """Print the time of the network as trained over that of the folded one."""
    configure_process(1)
    trained = network().eval()
    both = trained, fold_batch_norms(trained)
    for model in both:
        model.to(memory_format=torch.channels_last)
    for side, count in SIZES.items():
        pictures = np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)
        runs = [partial(predict_all, model, pictures) for model in both]
        seconds = turns(*runs, rounds=ROUNDS)
        ratios = sorted(before / after for before, after in seconds)
        print(
            f"{side} x {side}: as trained / folded {statistics.median(ratios):.2f}  (from "
            f"{ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} pairs)",
            flush=True,
        )
