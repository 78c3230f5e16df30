"""Predictions of a made-up study: the truth, moved aside, less so from round to round."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.inference.predictions import kept, write_predictions


def write_samples(
    results: Path,
    arms: Mapping[str, Mapping[str, Any]],
    ids: Sequence[str],
    masks: NDArray[np.uint8],
    rng: np.random.Generator,
) -> None:
    """Write `predictions.parquet` of every arm's first seed.

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
        table = pd.DataFrame(
            kept(image_id, pred, prob.astype(np.float32) / 255) | {"round": number}
            for number, of_round, probs_of_round in zip(rounds, preds, probs, strict=True)
            for image_id, pred, prob in zip(ids, of_round, probs_of_round, strict=True)
        )
        write_predictions(paths.in_results(results, paths.PREDICTIONS, arm=arm, seed=0), table)
