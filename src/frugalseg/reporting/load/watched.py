"""Predictions of a few whole validation images during training."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core import paths

Pixels = NDArray[np.uint8]


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
