"""ProbCover: images whose neighborhoods cover most of the pool, for the first labels."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.clusters import cluster
from frugalseg.acquisition.diversity import sort_by_name
from frugalseg.acquisition.query_size import Query, QuerySize

PURITY, CLUSTERS = 0.95, 2
"""Share of the balls that hold one cluster only, as published, and the number of clusters."""


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose greedily the image whose ball holds most images that no ball holds yet.

    Yehuda, Dekel, Hacohen and Weinshall (2022), algorithm 1; ties at random. Once all images are
    covered, those not chosen count as uncovered again: the paper ends before. Scores are the
    numbers of images newly covered, of the chosen images only.
    """
    pool, vectors, _ = sort_by_name(pool, pool.embeddings()[0])
    near = neighborhoods(vectors, pure_radius(vectors, rng))

    def ranking() -> Iterator[Query]:
        free, uncovered = np.ones((2, len(vectors)), np.bool_)
        while free.any():
            gains = np.where(free, near[:, uncovered].sum(axis=1), -1)
            place = int(rng.choice(np.flatnonzero(gains == gains.max())))
            free[place] = False
            uncovered &= ~near[place]
            name, *_, pixels = pool.images[place]
            yield Query(name, None, pixels, float(gains[place]))
            if not uncovered.any():
                uncovered = free.copy()

    return Choice(query_size.take(ranking()), np.full(len(vectors), np.nan))


def pure_radius(vectors: NDArray[np.float64], rng: np.random.Generator) -> float:
    """Return the largest radius at which `PURITY` of the balls around the vectors are pure.

    Yehuda et al. (2022), section 4.2: a ball is pure if all vectors in it are of one cluster of
    k-means, with as many clusters as classes. An image has no class here; 2 stand for images with
    and without a defect. Balls are open. inf if there is one cluster only.

    Args:
        vectors: N x D.
    """
    from scipy.spatial.distance import cdist  # here, as planning loads this module

    clusters = cluster(vectors, min(CLUSTERS, len(vectors)), rng)
    impure = np.full(len(vectors), np.inf)  # distance to the nearest vector of another cluster
    for own in np.unique(clusters):
        inside = clusters == own
        if not inside.all():
            impure[inside] = cdist(vectors[inside], vectors[~inside]).min(axis=1)
    return float(np.sort(impure)[int((1 - PURITY) * len(vectors) + 1e-9)])


def neighborhoods(vectors: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
    """Return for each vector which vectors are nearer than `radius`, N x N, itself included."""
    from scipy.spatial.distance import cdist  # here, as planning loads this module

    near = np.eye(len(vectors), dtype=np.bool_)
    for start in range(0, len(vectors), 512):
        rows = slice(start, start + 512)
        near[rows] |= cdist(vectors[rows], vectors) < radius
    return near


COVERAGE = Acquisition(select=select, needs="embeddings")
