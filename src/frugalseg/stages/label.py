"""Stage `label`: a round's purchases, added to the ledger of the round before."""

from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.acquisition.base import Acquisition, Pool
from frugalseg.data.labels import buy_images, empty_ledger, read_ledger
from frugalseg.data.splits import stratified_order
from frugalseg.data.stack import read_index
from frugalseg.errors import FrugalsegError
from frugalseg.files import write_csv
from frugalseg.randomness import generator
from frugalseg.registry import lookup
from frugalseg.stages.tagging import TagSettings, add_tags


def run(
    prepared: Path,
    split: Path,
    parent: Path | None,
    out: Path,
    *,
    arm: str,
    seed: int,
    round_: int,
    labels: float | str | None,
    acquire: str | None,
    query: float | None,
    tags: TagSettings | None = None,
) -> None:
    """Write the ledger after round `round_`: the parent's, and what this round buys.

    Args:
        tags: what is tagged besides; only then are masks opened, to answer for tiles.
    """
    index = read_index(prepared)
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
    ledger = empty_ledger() if parent is None else read_ledger(parent)
    if parent is None and not isinstance(labels, str):
        if labels is None:
            raise FrugalsegError(f"Arm {arm!r} has neither labels nor a start to take them from.")
        ledger = first_ledger(index, parts, labels, seed)
    if tags is not None:
        ledger = add_tags(ledger, index, parts, prepared / "masks.npy", tags, seed, round_)
    if parent is not None and acquire is not None and query is not None:
        acquisition: Acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
        rng = generator(seed, arm, round_, "acquire")
        ledger = next_ledger(index, parts, ledger, acquisition, query, round_, rng)
    write_csv(out, ledger)


def first_ledger(
    index: pd.DataFrame, parts: pd.DataFrame, labels: float, seed: int
) -> pd.DataFrame:
    """Buy the validation masks and a stratified start of the training pool.

    The order of the pool depends on the seed alone, so that every arm's start is a prefix of it:
    10 % of the labels lie inside 25 %.
    """
    validation = parts.loc[parts["part"] == "val", "image_id"].tolist()
    ledger = buy_images(empty_ledger(), index, validation, round_=0, part="val")
    pool = _pool(index, parts)
    order = stratified_order(pool["image_label"].to_numpy(object), generator(seed, "start"))
    count = amount(labels, len(pool))
    chosen = pool["image_id"].iloc[order[:count]].tolist()
    return buy_images(ledger, index, chosen, round_=0, part="train")


def next_ledger(
    index: pd.DataFrame,
    parts: pd.DataFrame,
    ledger: pd.DataFrame,
    acquisition: Acquisition,
    query: float,
    round_: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Let an acquisition choose from what has not been bought, and buy that."""
    pool = _pool(index, parts)
    bought = ledger.loc[ledger["unit"] != "tag", "image_id"]
    free = pool[~pool["image_id"].isin(set(bought))].reset_index(drop=True)
    wanted = amount(query, len(pool))
    if not len(free):
        raise FrugalsegError(
            f"Round {round_} has nothing left to buy: all {len(pool)} images of the training pool "
            "are labeled. Lower the arm's 'labels', 'query' or 'rounds'."
        )
    known = free[["image_id", "height", "width", "pixels"]]
    queries = acquisition.select(Pool(known), wanted, rng)
    chosen = [query.image_id for query in queries]
    return buy_images(ledger, index, chosen, round_=round_, part="train")


def amount(share: int | float, size: int) -> int:
    """Turn a share (a float) or a number (an int) of images into a number of at least 1."""
    if isinstance(share, float):
        return max(1, round(share * size))
    if share > size:
        raise FrugalsegError(
            f"{share} labels were asked for, but the training pool has {size} images. Lower "
            "'labels' or 'query', or give a share such as 0.1."
        )
    return share


def _pool(index: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    names = set(parts.loc[parts["part"] == "train", "image_id"])
    return index[index["image_id"].isin(names)].reset_index(drop=True)
