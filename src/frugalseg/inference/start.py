"""The order in which an arm's first labels are bought, before there is a model."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition import STARTS
from frugalseg.acquisition.base import Acquisition, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.data.fit import extents
from frugalseg.inference import START_FEATURES


def first_images(
    prepared: Path,
    images: pd.DataFrame,
    ledger: pd.DataFrame,
    count: int,
    seed: int,
    *,
    start: Mapping[str, Any],
    threads: int = 1,
    key: str = "start",
) -> list[str]:
    """Return the first `count` images of the training pool, in the order in which they are bought.

    It depends on the seed, the start and the pool alone: arms that start alike share it, and fewer
    images are part of more.

    Args:
        images: the index of the training pool.
        ledger: holds the tags of whole images that a start by tags reads.
        start: `by`, and of a start by features `features`, `model` (an entry of `models`) and
            `normalize`.
        key: the arm's key `start` in params.yaml, for messages.

    Raises:
        FrugalsegError: tags would have to tell images apart, and all images have the same.
    """
    acquisition: Acquisition = lookup(STARTS, start["by"], "start")
    sizes = extents(images, read_json(paths.within(prepared, paths.CARD))["fit"])
    table = images[["image_id"]].join(sizes).assign(pixels=images["pixels"])
    pool = Pool(table.reset_index(drop=True), round=0)
    if acquisition.needs == "tags":
        tags = _tags(images, ledger, key)
        pool = replace(pool, tags=lambda: tags)
    if acquisition.needs == "embeddings":
        features = lookup(START_FEATURES, start["features"], "features")
        rows = images["row"].to_numpy(np.int64)
        extent = sizes.to_numpy(np.int64)
        vectors = partial(features, prepared, rows, extent, start=start, threads=threads)
        pool = replace(pool, embeddings=vectors)
    choice = acquisition.select(pool, QuerySize(count), generator(seed, "start"))
    return [query.image_id for query in choice.queries]


def _tags(images: pd.DataFrame, ledger: pd.DataFrame, key: str) -> NDArray[np.object_]:
    bought = ledger[ledger["unit"] == "tag"].drop_duplicates("image_id").set_index("image_id")
    tags = bought["tag"].astype(str).loc[images["image_id"].tolist()].to_numpy(object)
    if len(set(tags)) < 2:
        raise FrugalsegError(
            f"{key}.by: 'tags' chooses the first labels by what images show, and all {len(tags)} "
            f"images of the training pool have the tag {tags[0]!r}: the tags would be paid for and "
            "tell nothing. Use 'by: random', or a start by features"
        )
    return tags
