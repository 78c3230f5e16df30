"""Predictions on the test images, as evaluation has kept them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.inference.predictions import read_predictions, unpack


@dataclass(frozen=True)
class Prediction:
    """What is predicted of one image, as PNG (see `frugalseg.inference.predictions`).

    Attributes:
        pred: class indices at the validation threshold.
        prob: the foreground's probability, in levels.
    """

    pred: bytes
    prob: bytes

    def mask(self) -> NDArray[np.uint8]:
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
