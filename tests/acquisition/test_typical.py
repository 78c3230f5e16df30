import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pool_makers import embedded
from skactiveml.pool import TypiClust

from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.typical import TYPICAL, typicalities


def choose(vectors: NDArray[np.float64], size: int, seed: int = 0) -> list[int]:
    queries = TYPICAL.select(
        embedded(vectors), QuerySize(size), np.random.default_rng(seed)
    ).queries
    return [int(query.image_id[1:]) for query in queries]


def test_typicality_by_hand() -> None:
    # 4 vectors have 2 neighbors: distances of 0 are 1 and 2, of 1 are 1 and 1
    found = typicalities(np.array([[0.0], [1.0], [2.0], [9.0]]))
    assert found == pytest.approx([1 / 1.5, 1 / 1, 1 / 1.5, 1 / 7.5], rel=1e-4)
    assert typicalities(np.zeros((1, 1))) == pytest.approx([1e5])


def test_the_largest_cluster_without_a_label_comes_next() -> None:
    groups = [np.array([0.0, 0.0]), np.array([9.0, 0.0]), np.array([0.0, 9.0])]
    vectors = np.repeat(groups, [12, 11, 10], axis=0)
    vectors += np.random.default_rng(0).normal(0, 0.1, vectors.shape)
    group = np.repeat([0, 1, 2], [12, 11, 10])
    for seed in range(5):
        first, second, *two = choose(vectors, 4, seed)
        # one cluster, then two, then four: with 4 labels, every group has one
        assert group[first] != group[second]
        assert {group[first], group[second], *group[two]} == {0, 1, 2}


def test_as_scikit_activeml_has_it() -> None:
    rng = np.random.default_rng(0)
    centers = np.array([[0, 0], [20, 0]])
    vectors = np.repeat(centers, [11, 10], axis=0) + rng.normal(0, 0.5, (21, 2))
    for seed in range(5):
        first, second = choose(vectors, 2, seed)
        labels = np.full(21, np.nan)
        labels[first] = 0
        # the other group is the cluster without a label; half of its images are 5 neighbors
        theirs = TypiClust(random_state=0, k=5).query(vectors, labels, batch_size=1)
        assert second == theirs[0]


def test_equal_images_and_queries_beyond_the_pool() -> None:
    assert sorted(choose(np.ones((5, 2)), 9)) == list(range(5))


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(12)), st.integers(1, 12))
def test_fewer_labels_are_part_of_more_whatever_the_order_of_the_pool(
    order: list[int], size: int
) -> None:
    vectors = np.random.default_rng(3).random((12, 3))
    shuffled = embedded(vectors, order)
    queries = TYPICAL.select(shuffled, QuerySize(12), np.random.default_rng(0)).queries
    everything = [int(query.image_id[1:]) for query in queries]
    assert sorted(everything) == list(range(12))
    assert choose(vectors, size) == everything[:size]
