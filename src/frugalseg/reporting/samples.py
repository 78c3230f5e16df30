"""Predictions on a few test images, as evaluation has kept them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Samples:
    """Predictions of one run on a few test images.

    Attributes:
        image_ids: the S images.
        rounds: the R rounds of the run.
        preds: uint8, R x S x H x W; class indices at the validation threshold.
        probs: uint8, R x S x H x W; foreground probability times 255.
    """

    image_ids: tuple[str, ...]
    rounds: tuple[int, ...]
    preds: NDArray[np.uint8]
    probs: NDArray[np.uint8]


def load_samples(path: Path) -> Samples:
    """Read a `samples.npz`."""
    with np.load(path, allow_pickle=False) as arrays:
        return Samples(
            image_ids=tuple(map(str, arrays["image_ids"])),
            rounds=tuple(map(int, arrays["rounds"])),
            preds=arrays["preds"],
            probs=arrays["probs"],
        )


def first_samples(results: Path, runs: Sequence[tuple[str, int, int]]) -> dict[str, Samples]:
    """Read those of each arm's first seed, where they are there."""
    samples: dict[str, Samples] = {}
    for arm, seed, _ in sorted(runs, key=lambda run: run[1]):
        path = results / "evaluate" / arm / f"seed-{seed}" / "samples.npz"
        if arm not in samples and path.is_file():
            samples[arm] = load_samples(path)
    return samples
