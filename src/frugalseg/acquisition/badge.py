"""BADGE: images whose gradients would be large and unlike each other."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.diversity import back, in_order_of_name, spread
from frugalseg.acquisition.query_size import QuerySize


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Draw centers as k-means++ does (Arthur and Vassilvitskii 2007) over gradient embeddings.

    Each draw has a chance in proportion to the squared distance to the nearest center so far. The
    first is the image of the largest gradient, as in the authors' code, ties at random. Where all
    that are left equal a center, each is equally likely. Ash et al. (2020), algorithm 1. Scores are
    the norms of the gradients.
    """
    pool, vectors, order = in_order_of_name(pool, pool.gradients())
    norms = np.square(vectors).sum(axis=1)

    def pick(left: NDArray[np.float64]) -> int:
        if np.isinf(left).all():  # nothing is chosen yet
            chances = norms == norms.max()
        elif np.nanmax(left) > 0:
            chances = np.nan_to_num(left)
        else:
            chances = ~np.isnan(left)
        return int(rng.choice(len(left), p=chances / chances.sum()))

    queries = spread(pool, query_size, vectors, np.full(len(vectors), np.inf), pick)
    return back(queries, np.sqrt(norms), order)


BADGE = Acquisition(select=select, needs="gradients")
