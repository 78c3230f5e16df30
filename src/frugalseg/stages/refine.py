"""Stage `refine`: how good pseudo-masks are, measured on test images, whose masks are known."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from frugalseg.core import paths
from frugalseg.core.constants import IGNORE
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.files import replacing
from frugalseg.data.split import read_split
from frugalseg.data.stack import open_masks, open_stack
from frugalseg.inference.evaluation import counts_table
from frugalseg.inference.pseudo_masks import activation_maps, pseudo_mask
from frugalseg.metrics.counts import count
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import PseudoParams


def run(
    prepared: Path,
    split: Path,
    model_file: Path,
    listing: Path,
    out: Path,
    settings: PseudoParams,
    *,
    threads: int,
) -> None:
    """Write per-image counts of the maps on the test split, made as for the pseudo-masks.

    Test images have no tags, so every class is allowed everywhere, and the threshold is the median
    of those in `listing`. The pseudo-masks themselves are better, because tags limit them.
    """
    configure_process(threads)
    device = pick_device()
    stack, masks = open_stack(prepared), open_masks(paths.within(prepared, paths.MASKS))
    parts = read_split(split)
    names = set(parts.loc[parts["part"] == "test", "image_id"])
    test = stack.index[stack.index["image_id"].isin(names)]
    model, card = load_model(model_file)
    threshold = float(pd.read_csv(listing)["threshold"].median())
    drawn = activation_maps(
        model.to(device=device, memory_format=torch.channels_last),  # type: ignore[call-overload]
        stack.images,
        test["row"].to_numpy(np.int64),
        settings,
        scaling=Scaling(card["normalize"]),
        device=device,
    )
    counts = []
    for row, maps in drawn:
        preds = pseudo_mask(maps, np.ones(maps.shape, bool), low=threshold, high=threshold)
        counts.append(count(preds[None], masks[np.array([row])], len(maps), IGNORE))
    ids = test["image_id"].tolist()
    table = counts_table(np.concatenate(counts), ids, card["classes"], "refined")
    with replacing(out) as partial:
        table.to_parquet(partial, index=False)
