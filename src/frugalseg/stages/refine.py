"""Stage `refine`: how good the drawing of pseudo-masks is, on test images, where masks are read."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from frugalseg.core import paths
from frugalseg.core.constants import IGNORE
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.files import replacing
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
    """Write per-image counts of the maps on the test split, drawn as the pseudo-masks were.

    Test images have no tags, so the maps are free everywhere, and the threshold is the median of
    those in `listing`: the pseudo-masks themselves, inside their tags, are better than this.
    """
    configure_process(threads)
    device = pick_device()
    stack, masks = open_stack(prepared), open_masks(paths.within(prepared, paths.MASKS))
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
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
    found = []
    for row, maps in drawn:
        preds = pseudo_mask(maps, np.ones(maps.shape, bool), low=threshold, high=threshold)
        found.append(count(preds[None], masks[np.array([row])], len(maps), IGNORE))
    ids = test["image_id"].tolist()
    table = counts_table(np.concatenate(found), ids, card["classes"], "refined")
    with replacing(out) as partial:
        table.to_parquet(partial, index=False)
