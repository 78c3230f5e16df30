"""What a round can buy: the pool that its acquisition sees, and how much its query amounts to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core.registry import lookup
from frugalseg.data.fit import extents
from frugalseg.data.ledger import bought_boxes, bought_pixels, labeled_rows
from frugalseg.data.split import amount
from frugalseg.inference import POOL_INPUTS
from frugalseg.settings.arm import RegionParams

Query = int | float | Mapping[str, int | float | None]


@dataclass(frozen=True)
class PoolContext:
    """Where the inputs of an acquisition come from.

    Attributes:
        prepared: folder of the stack.
        rows: int64, the stack rows of the pool. labeled: those with bought training pixels.
        sizes: int64, N x 2, height and width without padding of every stack image, by row.
        key: seeds the dropout masks of the passes.
        passes: T, the number of passes through the model.
        model: file of the model that chooses. threads: of the processor.
    """

    prepared: Path
    rows: NDArray[np.int64]
    labeled: NDArray[np.int64]
    sizes: NDArray[np.int64]
    key: tuple[int | str, ...]
    passes: int = 1
    model: Path | None = None
    threads: int = 1

    @classmethod
    def of(
        cls,
        prepared: Path,
        index: pd.DataFrame,
        ledger: pd.DataFrame,
        rows: NDArray[np.int64],
        fit: str,
        **fields: Any,
    ) -> Self:
        """Return the context of `rows`, with what the ledger holds of training images."""
        sizes = extents(index.sort_values("row"), fit).to_numpy(np.int64)
        return cls(prepared, rows, labeled_rows(index, ledger, "train"), sizes, **fields)


def build_pool(
    images: pd.DataFrame, ledger: pd.DataFrame, fit: str, options: Mapping[str, Any]
) -> tuple[Pool, NDArray[np.int64]]:
    """Return what is left to buy of the training images, and their stack rows.

    Args:
        images: the index of all training images. ledger: what was bought of them.
        fit: how images came to the stack's size. options: of the arm: region, aggregate, top_k.
    """
    region = RegionParams.model_validate(options["region"]) if options.get("region") else None
    table = images[["image_id"]].join(extents(images, fit))
    paid = bought_pixels(ledger).reindex(table["image_id"], fill_value=0).to_numpy()
    full = table["height"] * table["width"] if region else images["pixels"]
    whole = set(ledger.loc[ledger["unit"] == "image", "image_id"])
    table["pixels"] = full.to_numpy() - paid
    left = (table["pixels"] > 0) & ~table["image_id"].isin(whole)
    scoring = {name: options[name] for name in ("aggregate", "top_k") if name in options}
    boxes = bought_boxes(ledger)
    pool = Pool(table[left].reset_index(drop=True), region, boxes=boxes, **scoring)
    return pool, images.loc[left, "row"].to_numpy(np.int64)


def attach_predictions(acquisition: Acquisition, pool: Pool, context: PoolContext) -> Pool:
    """Return the pool with the one input that the acquisition needs, computed when it is read."""
    if acquisition.needs == "nothing":
        return pool
    load = lookup(POOL_INPUTS, acquisition.needs, "input of the pool")
    field: dict[str, Any] = {acquisition.needs: partial(load, context)}
    return replace(pool, **field)


def query_size(
    query: Query, images: pd.DataFrame, fit: str, options: Mapping[str, Any]
) -> QuerySize:
    """Turn an arm's `query` into how much a round may buy.

    An integer counts images or regions; a share is one of the training images or, by region, of
    their pixels; a mapping names `images`, `regions`, `pixels` or `seconds`. FrugalsegError for
    more images than the training pool has.
    """
    by_region = bool(options.get("region"))
    if isinstance(query, Mapping):
        unit, size = next((unit, size) for unit, size in query.items() if size is not None)
        if unit == "pixels":
            return QuerySize(size, 0, 1)
        if unit == "seconds" and by_region:
            costs = options["costs"]
            per_pixel = costs["region_seconds_per_kilopixel"] / 1000
            return QuerySize(size, costs["region_seconds"], per_pixel)
        if unit == "seconds":
            return QuerySize(size, options["costs"]["mask_seconds"], 0)
        query = int(size)
    if not by_region:
        return QuerySize(amount(query, len(images), "query"))
    if isinstance(query, float):
        return QuerySize(query * float(extents(images, fit).prod(axis=1).sum()), 0, 1)
    return QuerySize(query)
