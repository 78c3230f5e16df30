"""Core-set: the images farthest from everything labeled so far."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.diversity import sort_by_name, spread, squared_distances
from frugalseg.acquisition.query_size import QuerySize


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose k centers greedily; the labeled images are centers from the start.

    Each choice is the image whose embedding is farthest (Euclidean) from its nearest center: a
    2-approximation of the smallest cover. Sener and Savarese (2018), algorithm 1. Ties, and the
    very first center, are drawn at random. Scores are distances to the labeled images.
    """
    embeddings, labeled = pool.embeddings()
    pool, vectors, order = sort_by_name(pool, embeddings)
    nearest = squared_distances(vectors, np.asarray(labeled, np.float64))

    def pick(distances: NDArray[np.float64]) -> int:
        ties = np.flatnonzero(distances == np.nanmax(distances))
        return int(ties[rng.integers(len(ties))])

    queries = spread(pool, query_size, vectors, nearest, pick)
    scores = np.where(np.isinf(nearest), np.nan, np.sqrt(nearest))
    return Choice(queries, scores[np.argsort(order)])


CORESET = Acquisition(select=select, needs="embeddings")
