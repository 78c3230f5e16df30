"""The tags of stage `label`: which images are tagged, and who answers."""

from functools import cache
from pathlib import Path

import pandas as pd

from frugalseg.core.randomness import generator
from frugalseg.data.pool import amount, training_pool
from frugalseg.data.split import stratified_order
from frugalseg.data.stack import open_masks
from frugalseg.data.tags import buy_tags, oracle
from frugalseg.settings.tags import TagParams


def add_tags(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    parts: pd.DataFrame,
    masks: Path,
    settings: TagParams,
    seed: int,
    round_: int,
) -> pd.DataFrame:
    """Return the ledger with the tags of the validation images and of a share of the pool.

    The order of the pool is that of the first masks, so that tags and masks of equal shares are of
    the same images. Tags that the ledger has are not bought again.

    Raises:
        FrugalsegError: more images than the training pool has.
    """
    answer = oracle(index, cache(lambda: open_masks(masks)))
    validation = parts.loc[parts["part"] == "val", "image_id"].tolist()
    grids = settings.validation or settings.grids
    ledger = buy_tags(ledger, index, validation, grids, answer, round_=round_, part="val")
    pool = training_pool(index, parts)
    order = stratified_order(pool["image_label"].to_numpy(object), generator(seed, "start"))
    count = amount(settings.share, len(pool), "tags.share")
    chosen = pool["image_id"].iloc[order[:count]].tolist()
    return buy_tags(ledger, index, chosen, settings.grids, answer, round_=round_, part="train")
