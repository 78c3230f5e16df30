import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from frugalseg.acquisition.clusters import cluster


def inertia(vectors: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    groups = [vectors[clusters == number] for number in np.unique(clusters)]
    return sum(float(np.square(group - group.mean(axis=0)).sum()) for group in groups)


def test_groups_far_apart_are_found() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], [5, 9, 20])
    vectors = np.array([[0, 0], [9, 0], [0, 9]])[truth] + rng.normal(0, 0.3, (34, 2))
    found = cluster(vectors, 3, rng)
    assert sorted(np.bincount(found).tolist()) == [5, 9, 20]
    assert all(len(set(found[truth == group])) == 1 for group in range(3))


def test_as_tight_as_scipys() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.random((60, 4))
    runs = [kmeans2(vectors, 8, minit="++", iter=100, rng=rng)[1] for _ in range(4)]
    theirs = min(inertia(vectors, np.asarray(run, np.int64)) for run in runs)
    assert inertia(vectors, cluster(vectors, 8, rng)) < 1.1 * theirs


def test_equal_vectors_leave_clusters_empty() -> None:
    found = cluster(np.ones((4, 2)), 3, np.random.default_rng(0))
    assert len(set(found.tolist())) == 1
    assert found.max() < 3
