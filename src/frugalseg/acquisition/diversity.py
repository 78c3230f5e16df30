"""Choosing vectors one after another by their distance from those chosen before."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Floats, Pool
from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.core.errors import FrugalsegError

Pick = Callable[[NDArray[np.float64]], int]
"""Maps the squared distances to the chosen vectors (NaN for the chosen) to the next place."""


def squared_distances(vectors: Floats, centers: Floats) -> NDArray[np.float64]:
    """Return the squared Euclidean distance of each vector (N x D) to its nearest center (M x D).

    One center at a time, so that memory does not grow with their number; inf without any center.
    """
    nearest = np.full(len(vectors), np.inf)
    for center in centers:
        distances = np.square(vectors - center).sum(axis=1, dtype=np.float64)
        np.minimum(nearest, distances, out=nearest)
    return nearest


def spread(
    pool: Pool,
    query_size: QuerySize,
    vectors: Floats,
    nearest: NDArray[np.float64],
    pick: Pick,
) -> list[Query]:
    """Choose images one after another, each of which becomes a center for the next.

    Args:
        vectors: N x D, one an image of the pool.
        nearest: N, squared distances before the first choice; inf without any center.
    """

    def ranking() -> Iterator[Query]:
        distances = nearest.copy()
        for _ in range(len(distances)):
            place = pick(distances)
            name, *_, pixels = pool.images[place]
            score = float(np.sqrt(distances[place]))
            yield Query(name, None, pixels, score if np.isfinite(score) else np.nan)
            new = squared_distances(vectors, vectors[place : place + 1])
            distances = np.minimum(distances, new)
            distances[place] = np.nan

    return query_size.take(ranking())


def sort_by_name(
    pool: Pool, vectors: Floats
) -> tuple[Pool, NDArray[np.float64], NDArray[np.int64]]:
    """Sort a pool and its vectors by image id, so that no draw depends on the order of the pool.

    Returns:
        The sorted pool, the vectors as float64, and the places that they came from; FrugalsegError
        if a vector is not finite.
    """
    order = np.argsort(np.array(pool.image_ids, object))
    sorted_vectors = np.asarray(vectors, np.float64)[order]
    bad = ~np.isfinite(sorted_vectors).all(axis=1)
    if bad.any():
        name = pool.image_ids[order[bad.argmax()]]
        raise FrugalsegError(
            f"Image {name!r} has features that are not finite numbers: the model that chooses has "
            "diverged. Lower the learning rate, or set clip_norm, in the training section of "
            "params.yaml."
        )
    index = pool.index.iloc[order].reset_index(drop=True)
    return Pool(index), sorted_vectors, order
