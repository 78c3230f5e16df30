"""Stage `label`: a round's purchases, added to the ledger of the round before."""

from collections.abc import Mapping
from dataclasses import replace
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
from frugalseg.data.kinds.budget import buy_kinds, count_kinds
from frugalseg.data.ledger import buy_images, buy_regions, empty_ledger, labeled_rows, read_ledger
from frugalseg.data.split import evenly_in_log, read_split, stratified_order, training_pool
from frugalseg.data.stack import read_index
from frugalseg.data.tags import add_tags
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
from frugalseg.settings.labels import TAGS, amounts
from frugalseg.settings.tags import TagParams


def run(
    prepared: Path,
    split: Path,
    parent: Path | None,
    out: Path,
    *,
    arm: str,
    seed: int,
    round_: int,
    labels: float | str | Mapping[str, int | float] | None,
    acquire: str | None,
    query: Query | str | None,
    options: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    validation: bool = True,
    rounds: int = 0,
    model: Path | None = None,
    threads: int = 1,
) -> None:
    """Write the ledger after round `round_` to `out`: the parent's, and what this round buys.

    Beside it, `acquired.csv` and `acquired.npz` record what was chosen from what, and why.

    Args:
        labels: of a first round, see `frugalseg.settings.labels`.
        acquire, query, options: as in `frugalseg.pipeline.rule_params.label`.
        tags: the arm's section `tags`; masks are opened to answer for tiles, and for drawings.
        validation: whether the first labels include those of the split's part `val`.
        rounds: of the arm, which `query: log` spreads the pool over.
        model: file of the model that chooses; None if the acquisition needs none.
    """
    index = read_index(prepared)
    parts = read_split(split) if validation else read_split(split).query("part != 'val'")
    acquired = Acquired()
    masks = paths.within(prepared, paths.MASKS)
    first = amounts(labels)
    ledger = read_ledger(parent) if parent else first_ledger(index, parts, first, seed, masks)
    if tags is not None:
        settings = TagParams.model_validate(tags)
        ledger = add_tags(ledger, index, parts, masks, settings, seed, round_)
    if isinstance(query, str):
        pool = len(training_pool(index, parts))
        bought = len(labeled_rows(index, ledger, "train"))
        query = evenly_in_log(bought, pool, rounds - round_ + 1)
    if parent is not None and acquire is not None and query is not None:
        ledger, acquired = next_ledger(
            prepared,
            index,
            parts,
            ledger,
            key=(seed, arm, round_, "acquire"),
            acquire=acquire,
            query=query,
            options=options or {},
            model=model,
            threads=threads,
        )
    maps = paths.within(out.parent, paths.ACQUIRED_MAPS)
    write_acquired(paths.within(out.parent, paths.ACQUIRED), maps, acquired)
    write_csv(out, ledger)


def first_ledger(
    index: pd.DataFrame,
    parts: pd.DataFrame,
    labels: Mapping[str, int | float],
    seed: int,
    masks: Path,
) -> pd.DataFrame:
    """Return a ledger with the validation masks and a stratified part of the training pool.

    It is empty for an arm that buys tags only.

    The order of the pool depends on the seed alone, so that the first labels of every arm are a
    prefix of it: 10 % of the labels are contained in 25 %.

    Args:
        labels: how much of each kind; `images` are masks. Tags are left out.
        masks: file of the stack's masks; opened only if something is drawn.

    Raises:
        FrugalsegError: more images than the pool has, or drawings of a pool without any object.
    """
    kinds = {kind: size for kind, size in labels.items() if kind != TAGS}
    if not kinds:
        return empty_ledger()
    validation = parts.loc[parts["part"] == "val", "image_id"].tolist()
    ledger = buy_images(empty_ledger(), index, validation, round_=0, part="val")
    pool = training_pool(index, parts)
    order = stratified_order(pool["image_label"].to_numpy(object), generator(seed, "start"))
    names = pool["image_id"].iloc[order].tolist()
    return buy_kinds(ledger, index, names, count_kinds(kinds, pool), masks)


def next_ledger(
    prepared: Path,
    index: pd.DataFrame,
    parts: pd.DataFrame,
    ledger: pd.DataFrame,
    *,
    key: tuple[int, str, int, str],
    acquire: str,
    query: Query,
    options: Mapping[str, Any],
    model: Path | None,
    threads: int,
) -> tuple[pd.DataFrame, Acquired]:
    """Return the ledger with what the acquisition chose from the rest of the pool, and why.

    Args:
        key: what random draws derive from: seed, arm, round and purpose.

    Raises:
        FrugalsegError: everything has been bought.
    """
    acquisition: Acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
    fit = read_json(paths.within(prepared, paths.CARD))["fit"]
    images = training_pool(index, parts)
    pool, rows = build_pool(images, ledger, fit, options)
    passes = int(options.get("passes", 1))
    how = {"key": key, "passes": passes, "model": model, "threads": threads}
    context = PoolContext.of(prepared, index, ledger, rows, fit, **how)
    inputs = attach_predictions(acquisition, pool, context)
    choice = acquisition.select(inputs, query_size(query, images, fit, options), generator(*key))
    if not choice.queries:
        size = f", or hold no free window of {pool.region.size} pixels" if pool.region else ""
        raise FrugalsegError(
            f"Round {key[2]} has nothing left to buy: all {len(images)} images of the training "
            f"pool are labeled{size}. Lower the arm's 'labels', 'query' or 'rounds'."
        )
    whole = [chosen.image_id for chosen in choice.queries if chosen.box is None]
    regions = [(chosen.image_id, chosen.box) for chosen in choice.queries if chosen.box is not None]
    if whole:
        ledger = buy_images(ledger, index, whole, round_=key[2], part="train")
    if regions:
        ledger = buy_regions(ledger, regions, round_=key[2], part="train")
    maps = score_maps(acquisition, pool, context, choice)
    return ledger, Acquired(acquired_table(pool, choice), maps)


def score_maps(
    acquisition: Acquisition, pool: Pool, context: PoolContext, choice: Choice
) -> dict[str, NDArray[np.float32]]:
    """Return small maps of the pixels' scores, for the first images that were bought from."""
    if acquisition.pixel_score is None:
        return {}
    names = shown_images(choice)
    places = [pool.image_ids.index(name) for name in names]
    inputs = attach_predictions(acquisition, pool, replace(context, rows=context.rows[places]))
    return {
        name: shrink(acquisition.pixel_score(maps))
        for name, maps in zip(names, inputs.maps(), strict=True)
    }
