"""What a model said of a few whole validation images while it was trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core import paths

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
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
    images: tuple[Seen, ...]


def load_watched(folders: Mapping[tuple[str, int, int], Path]) -> dict[str, Watched]:
    """Read each arm's `watch.npz`, of its first seed and last round; arms without are left out.

    Args:
        folders: (arm, seed, round) -> folder of the training.
    """
    found: dict[str, Watched] = {}
    for arm, seed, number in sorted(folders, key=lambda run: (run[1], -run[2])):
        path = paths.within(folders[arm, seed, number], paths.WATCHED)
        if arm not in found and path.is_file():
            images, steps = _read(path)
            if images and steps:
                found[arm] = Watched(seed, number, steps, images)
    return found


def _read(path: Path) -> tuple[tuple[Seen, ...], tuple[int, ...]]:
    with np.load(path, allow_pickle=False) as arrays:
        images = tuple(
            Seen(str(name), *(arrays[f"{what}_{place}"] for what in ("image", "truth", "preds")))
            for place, name in enumerate(arrays["image_ids"])
        )
        return images, tuple(map(int, arrays["steps"]))
