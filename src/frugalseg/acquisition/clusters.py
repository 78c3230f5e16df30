"""k-means, for choices that look at groups of similar images."""

import numpy as np
from numpy.typing import NDArray

RUNS, STEPS = 4, 100
"""Runs from different centers, of which the best counts, and the most steps of each."""


def cluster(
    vectors: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the number of each vector's cluster, in [0, count); some may be empty.

    Lloyd's algorithm (1982) from centers drawn as k-means++ does (Arthur and Vassilvitskii, 2007);
    the run with the smallest sum of squared distances counts.

    Args:
        vectors: N x D. count: number of clusters, at least 1.
    """
    runs = [_lloyd(vectors, _seed_centers(vectors, count, rng)) for _ in range(RUNS)]
    return min(runs, key=lambda run: run[1])[0]


def _seed_centers(
    vectors: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    places = [int(rng.integers(len(vectors)))]
    nearest = np.full(len(vectors), np.inf)
    while len(places) < count:
        nearest = np.minimum(nearest, np.square(vectors - vectors[places[-1]]).sum(axis=1))
        total = nearest.sum()
        chances = nearest / total if total > 0 else None
        places.append(int(rng.choice(len(vectors), p=chances)))
    return vectors[places]


def _lloyd(
    vectors: NDArray[np.float64], centers: NDArray[np.float64]
) -> tuple[NDArray[np.int64], float]:
    """Return the clusters around moving centers, and the sum of squared distances to them."""
    from scipy.cluster.vq import vq  # here, as planning loads this module

    clusters, distances = vq(vectors, centers)
    for _ in range(STEPS):
        sums = np.zeros_like(centers)
        np.add.at(sums, clusters, vectors)
        sizes = np.bincount(clusters, minlength=len(centers))[:, None]
        centers = np.where(sizes > 0, sums / np.maximum(sizes, 1), centers)
        before = clusters
        clusters, distances = vq(vectors, centers)
        if np.array_equal(before, clusters):
            break
    return clusters.astype(np.int64), float(np.square(distances).sum())
