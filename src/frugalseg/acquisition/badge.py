"""BADGE: images with large and diverse gradients."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.diversity import sort_by_name, spread
from frugalseg.acquisition.query_size import QuerySize


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Draw centers as k-means++ does (Arthur and Vassilvitskii 2007) over gradient embeddings.

    Each image's chance is proportional to the squared distance to the nearest center so far. The
    first is the image with the largest gradient, as in the authors' code, ties at random. If all
    remaining images equal a center, each is equally likely. Ash et al. (2020), algorithm 1. Scores
    are the norms of the gradients.
    """
    pool, vectors, order = sort_by_name(pool, pool.gradients())
    norms = np.square(vectors).sum(axis=1)

    def pick(distances: NDArray[np.float64]) -> int:
        if np.isinf(distances).all():  # nothing is chosen yet
            chances = norms == norms.max()
        elif np.nanmax(distances) > 0:
            chances = np.nan_to_num(distances)
        else:
            chances = ~np.isnan(distances)
        return int(rng.choice(len(distances), p=chances / chances.sum()))

    queries = spread(pool, query_size, vectors, np.full(len(vectors), np.inf), pick)
    return Choice(queries, np.sqrt(norms)[np.argsort(order)])


BADGE = Acquisition(select=select, needs="gradients")
