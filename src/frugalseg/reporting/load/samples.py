"""Predictions that were kept: of test images by evaluation, of validation images by training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.inference.predictions import read_predictions, unpack

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Prediction:
    """What is predicted of one image, as PNG (see `frugalseg.inference.predictions`).

    Attributes:
        pred: class indices at the validation threshold.
        prob: the foreground's probability, in levels.
    """

    pred: bytes
    prob: bytes

    def mask(self) -> Pixels:
        """Return the class indices, uint8 H x W."""
        return unpack(self.pred)


@dataclass(frozen=True)
class Samples:
    """Predictions of one run, by round and image."""

    predictions: Mapping[tuple[int, str], Prediction]

    @property
    def rounds(self) -> tuple[int, ...]:
        """The rounds of the run, ascending."""
        return tuple(sorted({number for number, _ in self.predictions}))

    @property
    def image_ids(self) -> tuple[str, ...]:
        """The images, in the order of the stack."""
        return tuple(dict.fromkeys(image_id for _, image_id in self.predictions))


def first_samples(results: Path, runs: Sequence[tuple[str, int, int]]) -> dict[str, Samples]:
    """Read the predictions of each arm's first seed that has any."""
    samples: dict[str, Samples] = {}
    for arm, seed in sorted({run[:2] for run in runs}, key=lambda run: run[1]):
        path = paths.in_results(results, paths.PREDICTIONS, arm=arm, seed=seed)
        if arm not in samples and path.is_file() and len(table := read_predictions(path)):
            keys = zip(table["round"].astype(int), table["image_id"].astype(str), strict=True)
            predictions = map(Prediction, table["pred"], table["prob"])
            samples[arm] = Samples(dict(zip(keys, predictions, strict=True)))
    return samples


@dataclass(frozen=True)
class WatchedImage:
    """One image: its pixels (h x w x C), its truth (h x w), and predictions (T x h x w)."""

    image_id: str
    image: Pixels
    truth: Pixels
    preds: Pixels


@dataclass(frozen=True)
class Watched:
    """The images of one run, at the T steps after which they were predicted."""

    seed: int
    round: int
    steps: tuple[int, ...]
    images: tuple[WatchedImage, ...]


def load_watched(folders: Mapping[tuple[str, int, int], Path]) -> dict[str, Watched]:
    """Read each arm's `watch.npz` of its first seed and last round; arms without one are left out.

    Args:
        folders: (arm, seed, round) -> folder of the training.
    """
    watched: dict[str, Watched] = {}
    for arm, seed, number in sorted(folders, key=lambda run: (run[1], -run[2])):
        path = paths.within(folders[arm, seed, number], paths.WATCHED)
        if arm not in watched and path.is_file():
            with np.load(path, allow_pickle=False) as arrays:
                images = tuple(
                    WatchedImage(
                        str(name), *(arrays[f"{key}_{k}"] for key in ("image", "truth", "preds"))
                    )
                    for k, name in enumerate(arrays["image_ids"])
                )
                steps = tuple(map(int, arrays["steps"]))
            if images and steps:
                watched[arm] = Watched(seed, number, steps, images)
    return watched
