"""Pools of a few small images for the tests of acquisition."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps, Pool
from frugalseg.settings.arm import RegionParams


def make_pool(sizes: Sequence[tuple[int, int]], **fields: Any) -> Pool:
    """Return a pool of images i0, i1, ... of these sizes, nothing of them bought."""
    index = pd.DataFrame(sizes, columns=["height", "width"])
    index.insert(0, "image_id", [f"i{number}" for number in range(len(sizes))])
    return Pool(index.assign(pixels=index["height"] * index["width"]), **fields)


def embedded(vectors: NDArray[Any], order: Sequence[int] | None = None) -> Pool:
    """Return a pool of images with these vectors, N x D, in another order if one is given."""
    order = range(len(vectors)) if order is None else order
    pool = make_pool([(2, 2)] * len(vectors))
    index = pool.index.iloc[list(order)].reset_index(drop=True)
    return replace(pool, index=index, embeddings=lambda: (vectors[list(order)], vectors[:0]))


def region_of(size: int, stride: int, overlap: bool = False) -> RegionParams:
    return RegionParams(size=size, stride=stride, overlap=overlap)


def with_scores(pool: Pool, scores: Sequence[NDArray[Any]]) -> Pool:
    """Return the pool with two classes, of which the second has probability `scores`."""

    def maps() -> Iterator[Maps]:
        for score in scores:
            foreground = np.asarray(score, np.float32)
            probs = np.stack([1 - foreground, foreground])
            yield Maps(probs, np.zeros_like(foreground))

    return replace(pool, maps=maps)


def permuted(pool: Pool, order: Sequence[int]) -> Pool:
    """Return the pool with its images in another order."""
    maps = list(pool.maps())
    index = pool.index.iloc[list(order)].reset_index(drop=True)
    return replace(pool, index=index, maps=lambda: iter([maps[place] for place in order]))


def first_class(maps: Maps) -> NDArray[np.float32]:
    """Score a pixel by the probability of its second class."""
    foreground: NDArray[np.float32] = maps.probs[1]
    return foreground
