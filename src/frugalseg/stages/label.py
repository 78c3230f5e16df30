"""Stage `label`: a round's purchases, added to the ledger of the round before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, write_csv
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.data.ledger import buy_images, buy_regions, empty_ledger, read_ledger
from frugalseg.data.pool import amount, training_pool
from frugalseg.data.split import stratified_order
from frugalseg.data.stack import read_index
from frugalseg.data.tag_purchase import add_tags
from frugalseg.inference.pool import (
    PoolContext,
    Query,
    attach_predictions,
    build_pool,
    query_size,
)
from frugalseg.inference.purchases import (
    Acquired,
    acquired_table,
    shown_images,
    shrink,
    write_acquired,
)
from frugalseg.settings.tags import TagParams


@dataclass(frozen=True)
class Round:
    """One round's purchases: who buys how much, and by what it chooses.

    Attributes:
        acquire, query, options: as in `frugalseg.pipeline.rule_params.label`.
        model: file of the model that chooses; None if the acquisition needs none.
    """

    arm: str
    seed: int
    number: int
    prepared: Path
    acquire: str
    query: Query
    options: Mapping[str, Any] = field(default_factory=dict)
    model: Path | None = None
    threads: int = 1

    @property
    def key(self) -> tuple[int | str, ...]:
        """Return what every random draw of this round derives from."""
        return self.seed, self.arm, self.number, "acquire"


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
    query: Query | None,
    options: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    validation: bool = True,
    model: Path | None = None,
    threads: int = 1,
) -> None:
    """Write the ledger after round `round_` to `out`: the parent's, and what this round buys.

    Beside it `acquired.csv` and `acquired.npz` tell what was chosen among what, and why.

    Args:
        tags: the arm's section `tags`; only then are masks opened, to answer for tiles.
        validation: whether the first labels are those of the split's part `val` too.
    """
    index = read_index(prepared)
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
    acquired = Acquired()
    ledger = empty_ledger() if parent is None else read_ledger(parent)
    if parent is None and not isinstance(labels, str):
        if labels is None:
            raise FrugalsegError(f"Arm {arm!r} has neither labels nor a start to take them from.")
        ledger = first_ledger(index, parts, labels, seed, validation=validation)
    if tags is not None:
        masks, settings = paths.within(prepared, paths.MASKS), TagParams.model_validate(tags)
        bought = parts if validation else parts[parts["part"] != "val"]
        ledger = add_tags(ledger, index, bought, masks, settings, seed, round_)
    if parent is not None and acquire is not None and query is not None:
        asked = acquire, query, options or {}, model, threads
        job = Round(arm, seed, round_, prepared, *asked)
        ledger, acquired = next_ledger(job, index, parts, ledger)
    write_acquired(
        paths.within(out.parent, paths.ACQUIRED),
        paths.within(out.parent, paths.ACQUIRED_MAPS),
        acquired,
    )
    write_csv(out, ledger)


def first_ledger(
    index: pd.DataFrame, parts: pd.DataFrame, labels: float, seed: int, *, validation: bool
) -> pd.DataFrame:
    """Buy a stratified start of the training pool, and the masks of part `val` if they are used.

    The order of the pool depends on the seed alone, so that every arm's start is a prefix of it:
    10 % of the labels lie inside 25 %.
    """
    held = parts.loc[parts["part"] == "val", "image_id"].tolist() if validation else []
    ledger = buy_images(empty_ledger(), index, held, round_=0, part="val")
    pool = training_pool(index, parts)
    order = stratified_order(pool["image_label"].to_numpy(object), generator(seed, "start"))
    count = amount(labels, len(pool), "labels")
    chosen = pool["image_id"].iloc[order[:count]].tolist()
    return buy_images(ledger, index, chosen, round_=0, part="train")


def next_ledger(
    job: Round, index: pd.DataFrame, parts: pd.DataFrame, ledger: pd.DataFrame
) -> tuple[pd.DataFrame, Acquired]:
    """Let an acquisition choose from what has not been bought, buy it, and tell why.

    Raises:
        FrugalsegError: everything has been bought.
    """
    acquisition: Acquisition = lookup(ACQUISITIONS, job.acquire, "acquisition")
    fit = read_json(paths.within(job.prepared, paths.CARD))["fit"]
    images = training_pool(index, parts)
    pool, rows = build_pool(images, ledger, fit, job.options)
    passes = int(job.options.get("passes", 1))
    how = {"key": job.key, "passes": passes, "model": job.model, "threads": job.threads}
    context = PoolContext.of(job.prepared, index, ledger, rows, fit, **how)
    size = query_size(job.query, images, fit, job.options)
    choice = acquisition.select(
        attach_predictions(acquisition, pool, context), size, generator(*job.key)
    )
    if not choice.queries:
        what = f"of {pool.region.size} pixels" if pool.region else ""
        raise FrugalsegError(
            f"Round {job.number} has nothing left to buy: all {len(images)} images of the training "
            f"pool are labeled{f', or hold no free window {what}' if what else ''}. Lower the "
            "arm's 'labels', 'query' or 'rounds'."
        )
    acquired = Acquired(acquired_table(pool, choice), drawn(acquisition, pool, context, choice))
    return buy(ledger, index, choice, job.number), acquired


def buy(ledger: pd.DataFrame, index: pd.DataFrame, choice: Choice, round_: int) -> pd.DataFrame:
    """Return the ledger with what was chosen."""
    images = [query.image_id for query in choice.queries if query.box is None]
    regions = [(query.image_id, query.box) for query in choice.queries if query.box is not None]
    if images:
        ledger = buy_images(ledger, index, images, round_=round_, part="train")
    return buy_regions(ledger, regions, round_=round_, part="train") if regions else ledger


def drawn(
    acquisition: Acquisition, pool: Pool, context: PoolContext, choice: Choice
) -> dict[str, NDArray[np.float32]]:
    """Return small maps of what the pixels scored, for the first images that were bought from."""
    if acquisition.pixel_score is None:
        return {}
    shown = shown_images(choice)
    places = [pool.image_ids.index(name) for name in shown]
    context = replace(context, rows=context.rows[places])
    few = attach_predictions(acquisition, pool, context)
    return {
        name: shrink(acquisition.pixel_score(maps))
        for name, maps in zip(shown, few.maps(), strict=True)
    }
