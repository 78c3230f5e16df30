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
from frugalseg.data.split import amount, evenly_in_log, read_split, training_pool
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
from frugalseg.inference.start import first_images
from frugalseg.settings.labels import TAGS, amounts
from frugalseg.settings.tags import TagParams

RANDOM = {"by": "random"}


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
    start: Mapping[str, Any] = RANDOM,
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
        tags: the arm's section `tags`; masks are opened only then, by a start by tags, or to draw.
        start: how the first labels are chosen, see `frugalseg.inference.start.first_images`.
        validation: whether the first labels include those of the split's part `val`.
        rounds: of the arm, which `query: log` spreads the pool over.
        model: file of the model that chooses; None if the acquisition needs none.
    """
    index = read_index(prepared)
    parts = read_split(split) if validation else read_split(split).query("part != 'val'")
    acquired = Acquired()
    ledger = empty_ledger() if parent is None else read_ledger(parent)
    if parent is None or tags is not None:
        first = (None if parent else labels, tags, start)
        ledger = first_ledger(prepared, index, parts, ledger, first, (seed, arm, round_), threads)
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
    prepared: Path,
    index: pd.DataFrame,
    parts: pd.DataFrame,
    ledger: pd.DataFrame,
    first: tuple[Any, Mapping[str, Any] | None, Mapping[str, Any]],
    key: tuple[int, str, int],
    threads: int,
) -> pd.DataFrame:
    """Return the ledger with an arm's first labels, and with its tags.

    Masks are those of the validation images and of the first images of the pool, in an order that
    all kinds share: drawings follow the masks, and tags begin with the first image. A start by tags
    buys the tag of every image of the pool.

    Args:
        first: the arm's `labels` (None if they were bought before), `tags` and `start`.
        key: seed, arm and round.

    Raises:
        FrugalsegError: more images than the training pool has.
    """
    labels, tags, start = first
    settings = None if tags is None else TagParams.model_validate(tags)
    masks = paths.within(prepared, paths.MASKS)
    pool = training_pool(index, parts)
    kinds = {kind: size for kind, size in amounts(labels).items() if kind != TAGS}
    counts = count_kinds(kinds, pool) if kinds else []
    of_tags = amount(settings.share, len(pool), "tags.share") if settings else 0
    if kinds:
        validation = parts.loc[parts["part"] == "val", "image_id"].tolist()
        ledger = buy_images(ledger, index, validation, round_=0, part="val")
    if start["by"] == "tags":
        names = pool["image_id"].tolist()
        ledger = add_tags(ledger, index, parts[:0], names, masks, TagParams(), key[2])
    chosen = first_images(
        prepared,
        pool,
        ledger,
        min(len(pool), max(sum(count for _, count in counts), of_tags)),
        key[0],
        start=start,
        threads=threads,
        key=f"arms.{prepared.name}.{key[1]}.start",
    )
    ledger = buy_kinds(ledger, index, chosen, counts, masks)
    if settings:
        ledger = add_tags(ledger, index, parts, chosen[:of_tags], masks, settings, key[2])
    return ledger


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
    pool = replace(pool, round=key[2])
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
