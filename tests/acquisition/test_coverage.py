import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pool_makers import embedded
from skactiveml.pool import ProbCover

from frugalseg.acquisition.coverage import COVERAGE, neighborhoods, pure_radius
from frugalseg.acquisition.query_size import Query, QuerySize

# two groups, 1 apart inside and 6 between
LINE = np.array([[0.0], [1.0], [2.0], [3.0], [9.0], [10.0]])


def choose(vectors: NDArray[np.float64], size: int, seed: int = 0) -> list[Query]:
    return COVERAGE.select(embedded(vectors), QuerySize(size), np.random.default_rng(seed)).queries


def test_the_radius_leaves_19_of_20_balls_pure() -> None:
    rng = np.random.default_rng(0)
    assert pure_radius(LINE, rng) == 6  # 5 % of 6 balls is none: none may touch the other group
    groups = np.concatenate([np.arange(30) / 10, 100 + np.arange(10)])[:, None]
    # 2 of 40 balls may hold an image of the other group, so the third smallest distance counts.
    # The distances of the left group, from its right end: 97.1, 97.2, 97.3; 97.1 of the right one.
    assert pure_radius(groups, rng) == pytest.approx(97.2)
    assert pure_radius(np.ones((4, 2)), rng) == np.inf


def test_balls_are_open_and_hold_their_center() -> None:
    assert neighborhoods(LINE, 1.0).tolist() == np.eye(6, dtype=bool).tolist()
    assert neighborhoods(LINE, 1.1).sum(axis=1).tolist() == [2, 3, 3, 2, 2, 2]


def test_each_choice_covers_most_of_what_is_left() -> None:
    queries = choose(LINE, 3)
    # the left group, the right one, then what was not chosen of the left one anew
    assert [query.score for query in queries] == [4, 2, 3]
    assert int(queries[0].image_id[1:]) < 4 <= int(queries[1].image_id[1:])


def test_as_scikit_activeml_has_it() -> None:
    vectors = np.random.default_rng(2).random((40, 3)) + np.repeat([0, 2], [25, 15])[:, None]
    radius = pure_radius(vectors, np.random.default_rng(0))
    # of the two, it takes the largest at which 95 % of its balls are pure
    peer = ProbCover(deltas=[radius - 1e-9, radius + 1e-9], random_state=0)
    labels = np.full(40, np.nan)
    for query in choose(vectors, 2):  # then all are covered
        _, theirs = peer.query(vectors, labels, batch_size=1, return_utilities=True)
        assert query.score == np.nanmax(theirs)
        labels[int(query.image_id[1:])] = 0


def test_equal_images_and_queries_beyond_the_pool() -> None:
    names = sorted(query.image_id for query in choose(np.ones((4, 2)), 9))
    assert names == ["i0", "i1", "i2", "i3"]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(12)), st.integers(1, 12))
def test_fewer_labels_are_part_of_more_whatever_the_order_of_the_pool(
    order: list[int], size: int
) -> None:
    vectors = np.random.default_rng(3).random((12, 3))
    shuffled = embedded(vectors, order)
    everything = COVERAGE.select(shuffled, QuerySize(12), np.random.default_rng(0)).queries
    assert len({query.image_id for query in everything}) == 12
    assert choose(vectors, size) == everything[:size]
