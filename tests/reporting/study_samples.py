"""Predictions of a made-up study: the truth, moved aside, less so from round to round."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_samples(
    results: Path,
    arms: Mapping[str, Mapping[str, Any]],
    seeds: int,
    ids: Sequence[str],
    masks: NDArray[np.uint8],
    rng: np.random.Generator,
) -> None:
    """Write `samples.npz` of every arm and seed; all seeds of an arm predict the same.

    Args:
        ids: the test images.
        masks: their masks, S x H x W.
    """
    truth = np.where(masks == 255, 0, masks)
    for arm, spec in arms.items():
        rounds = list(range(1, spec["rounds"] + 1)) if "rounds" in spec else [0]
        moved = [np.roll(truth, 2 + 3 * (len(rounds) - k), axis=2) for k in range(len(rounds))]
        preds = np.stack(moved).astype(np.uint8)
        probs = np.clip(preds.clip(0, 1) * 200.0 + rng.uniform(0, 50, preds.shape), 0, 255)
        first = results / "evaluate" / arm / "seed-0" / "samples.npz"
        for seed in range(seeds):
            path = results / "evaluate" / arm / f"seed-{seed}" / "samples.npz"
            path.parent.mkdir(parents=True)
            if seed:
                path.hardlink_to(first)  # writing a thousand images of every seed takes minutes
                continue
            np.savez_compressed(
                path,
                image_ids=np.array(ids),
                rounds=np.array(rounds),
                preds=preds,
                probs=probs.astype(np.uint8),
            )
