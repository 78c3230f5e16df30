"""What a round can buy: the pool as its acquisition sees it, and how much the query comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.base import Aggregate, Pool, Region
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.data.fit import extents
from frugalseg.data.ledger import bought_boxes, bought_pixels, labeled_rows
from frugalseg.data.split import amount

Query = int | float | Mapping[str, int | float | None]


@dataclass(frozen=True)
class PoolContext:
    """Where what an acquisition needs of the pool comes from.

    Attributes:
        prepared: folder of the stack. rows: int64, the pool's rows of it. sizes: int64,
            len(rows) x 2, height and width of each without padding.
        labeled, labeled_sizes: likewise of the images that training pixels were bought of.
        passes: T. key: what the dropout of T passes derives from.
        model: file of the model that chooses. threads: of the processor.
    """

    prepared: Path
    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]
    labeled: NDArray[np.int64]
    labeled_sizes: NDArray[np.int64]
    passes: int
    key: tuple[int | str, ...]
    model: Path | None = None
    threads: int = 1

    @classmethod
    def of(
        cls,
        prepared: Path,
        index: pd.DataFrame,
        rows: NDArray[np.int64],
        ledger: pd.DataFrame,
        fit: str,
        options: Mapping[str, Any],
        key: tuple[int | str, ...],
    ) -> "PoolContext":
        """Return the context of `rows`, and of what the ledger holds of training images."""
        sizes = extents(index, fit).set_axis(index["row"], axis=0)
        labeled = labeled_rows(index, ledger, "train")
        of_rows, of_labeled = (sizes.loc[which].to_numpy(np.int64) for which in (rows, labeled))
        passes = int(options.get("passes", 1))
        return cls(prepared, rows, of_rows, labeled, of_labeled, passes, key)

    def only(self, places: list[int]) -> "PoolContext":
        """Return the context of some of its rows."""
        return replace(self, rows=self.rows[places], sizes=self.sizes[places])


def build_pool(
    images: pd.DataFrame, ledger: pd.DataFrame, fit: str, options: Mapping[str, Any]
) -> tuple[Pool, NDArray[np.int64]]:
    """Return what is left to buy of the training images, and the stack's rows of it.

    Args:
        images: the index of all training images. ledger: what was bought of them.
        fit: how images came to the stack's size. options: of the arm: region, aggregate, top_k.
    """
    region = Region(**options["region"]) if options.get("region") else None
    known = images[["image_id"]].join(extents(images, fit))
    paid = bought_pixels(ledger).reindex(known["image_id"], fill_value=0).to_numpy()
    full = known["height"] * known["width"] if region else images["pixels"]
    whole = set(ledger.loc[ledger["unit"] == "image", "image_id"])
    known["pixels"] = full.to_numpy() - paid
    left = (known["pixels"] > 0) & ~known["image_id"].isin(whole)
    aggregate = Aggregate(options.get("aggregate", "mean"), options.get("top_k", 0.01))
    pool = Pool(known[left].reset_index(drop=True), region, aggregate, bought_boxes(ledger))
    return pool, images.loc[left, "row"].to_numpy(np.int64)


def query_size(
    query: Query, images: pd.DataFrame, fit: str, options: Mapping[str, Any]
) -> QuerySize:
    """Turn an arm's `query` into how much a round may buy.

    A number is one of images or of regions; a share is one of the training images or, by region,
    of their pixels; a mapping names `images`, `regions`, `pixels` or `seconds`.

    Raises:
        FrugalsegError: more images than the training pool has.
    """
    by_region = bool(options.get("region"))
    if isinstance(query, Mapping):
        kind, size = next((k, v) for k, v in query.items() if v is not None)
        if kind == "pixels":
            return QuerySize(size, 0, 1)
        if kind == "seconds":
            return QuerySize(size, *_seconds(options["costs"], by_region))
        query = int(size)
    if not by_region:
        return QuerySize(amount(query, len(images), "query"))
    if isinstance(query, float):
        return QuerySize(query * float(extents(images, fit).prod(axis=1).sum()), 0, 1)
    return QuerySize(query)


def _seconds(costs: Mapping[str, float], by_region: bool) -> tuple[float, float]:
    """Return what a label costs, and what each of its pixels does; see `frugalseg.core.costs`."""
    if by_region:
        return 0, costs["region_seconds_per_kilopixel"] / 1000
    return costs["mask_seconds"], 0
