"""Core-set: the images farthest from everything labeled so far."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.diversity import back, in_order_of_name, spread, squared_distances
from frugalseg.acquisition.query_size import QuerySize


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose k centers greedily, the labeled images being centers already.

    Each choice is the image whose embedding lies farthest (Euclidean) from its nearest center; a
    2-approximation of the smallest cover. Sener and Savarese (2018), algorithm 1. Ties, and the
    first of all centers, are drawn at random. Scores are distances to the labeled images.
    """
    embeddings, labeled = pool.embeddings()
    pool, vectors, order = in_order_of_name(pool, embeddings)
    nearest = squared_distances(vectors, np.asarray(labeled, np.float64))

    def pick(left: NDArray[np.float64]) -> int:
        ties = np.flatnonzero(left == np.nanmax(left))
        return int(ties[rng.integers(len(ties))])

    queries = spread(pool, query_size, vectors, nearest, pick)
    return back(queries, np.where(np.isinf(nearest), np.nan, np.sqrt(nearest)), order)


CORESET = Acquisition(select=select, needs="embeddings")
