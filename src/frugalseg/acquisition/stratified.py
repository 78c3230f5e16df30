"""First labels stratified by image tag: every tag has its share of them."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.query_size import Query, QuerySize


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose as `stratified_order` says, with the images' tags as strata."""
    names = np.argsort(np.array(pool.image_ids, object))  # no draw depends on the pool's order
    order = names[stratified_order(pool.tags()[names], rng)]
    images = (pool.images[place] for place in order)
    queries = query_size.take(Query(name, None, pixels) for name, *_, pixels in images)
    return Choice(queries, np.full(len(order), np.nan))


def stratified_order(strata: NDArray[np.object_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Shuffle so that every prefix holds each stratum's share to within one item.

    Item i of a stratum of n (in random order) is placed at (i + 0.5) / n; ties are broken at
    random. Prefixes of one order are nested: a budget of 10 % is part of one of 25 %.

    Returns:
        int64 positions into `strata`.
    """
    place = np.empty(len(strata))
    for stratum in sorted(set(strata), key=str):
        members = np.flatnonzero(strata == stratum)
        place[rng.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    return np.lexsort((rng.random(len(strata)), place))


STRATIFIED = Acquisition(select=select, needs="tags")
