"""TypiClust: a typical image of each cluster, for the first labels."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.clusters import cluster
from frugalseg.acquisition.diversity import sort_by_name
from frugalseg.acquisition.query_size import Query, QuerySize

NEIGHBORS, MOST_CLUSTERS = 20, 500
"""Neighbors that typicality looks at, and the limit of the number of clusters, as published."""


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose the most typical image of the largest clusters without a label.

    Hacohen, Dekel and Weinshall (2022), algorithm 1, in queries of 1, 1, 2, 4, 8, ... images: with
    L labels, a query of B images makes L + B clusters. So the first labels are part of the later
    ones, whatever their number. Clusters of fewer than 5 images count here, since small pools have
    no others; they come last. Scores are typicalities, of the chosen images only.
    """
    pool, vectors, _ = sort_by_name(pool, pool.embeddings()[0])

    def ranking() -> Iterator[Query]:
        chosen: list[int] = []
        while len(chosen) < len(vectors):
            for place, typicality in _query(vectors, chosen, max(1, len(chosen)), rng):
                chosen.append(place)
                name, *_, pixels = pool.images[place]
                yield Query(name, None, pixels, typicality)

    return Choice(query_size.take(ranking()), np.full(len(vectors), np.nan))


def _query(
    vectors: NDArray[np.float64], labeled: Sequence[int], size: int, rng: np.random.Generator
) -> list[tuple[int, float]]:
    """Return the places of one query with their typicality, in the order of choice."""
    size = min(size, len(vectors) - len(labeled))
    count = min(len(labeled) + size, MOST_CLUSTERS)
    clusters = cluster(vectors, count, rng)
    sizes = np.bincount(clusters, minlength=count)
    labels = np.bincount(clusters[list(labeled)], minlength=count)
    ties = rng.random(count)
    free = np.ones(len(vectors), np.bool_)
    free[list(labeled)] = False
    query = []
    for _ in range(size):
        open_clusters = np.unique(clusters[free])
        order = np.lexsort((ties, -sizes, labels))
        best = order[np.isin(order, open_clusters)][0]
        members = np.flatnonzero(free & (clusters == best))
        typicality = typicalities(vectors[members])
        place = int(members[typicality.argmax()])
        query.append((place, float(typicality.max())))
        free[place] = False
        labels[best] += 1
    return query


def typicalities(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of each vector's mean distance to its nearest neighbors, N x D -> N.

    Hacohen et al. (2022), eq. 4, with 20 neighbors, or half of the vectors as in the authors' code.
    """
    from scipy.spatial.distance import cdist  # here, as planning loads this module

    neighbors = max(1, min(NEIGHBORS, len(vectors) // 2))
    nearest = np.sort(cdist(vectors, vectors), axis=1)[:, 1 : neighbors + 1]
    means = nearest.mean(axis=1) if nearest.size else np.zeros(len(vectors))
    typicality: NDArray[np.float64] = 1 / (means + 1e-5)
    return typicality


TYPICAL = Acquisition(select=select, needs="embeddings")
