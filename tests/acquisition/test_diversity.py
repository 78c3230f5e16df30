import numpy as np
import pytest
from numpy.typing import NDArray
from pool_makers import make_pool
from scipy.spatial.distance import cdist

from frugalseg.acquisition.diversity import sort_by_name, spread, squared_distances
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core.errors import FrugalsegError


def test_distances_are_those_to_the_nearest() -> None:
    rng = np.random.default_rng(0)
    vectors, centers = rng.random((9, 4)), rng.random((3, 4))
    expected = cdist(vectors, centers, "sqeuclidean").min(axis=1)
    assert np.allclose(squared_distances(vectors, centers), expected)
    assert np.isinf(squared_distances(vectors, centers[:0])).all()


def test_each_choice_becomes_a_center() -> None:
    vectors = np.array([[0.0], [1.0], [10.0]])
    seen = []

    def pick(left: NDArray[np.float64]) -> int:
        seen.append(left.tolist())
        return int(np.nanargmax(left))

    queries = spread(make_pool([(2, 2)] * 3), QuerySize(3), vectors, np.full(3, np.inf), pick)
    assert [query.image_id for query in queries] == ["i0", "i2", "i1"]
    assert np.array_equal(seen[1], [np.nan, 1, 100], equal_nan=True)
    assert np.array_equal(seen[2], [np.nan, 1, np.nan], equal_nan=True)
    assert np.isnan(queries[0].score)
    assert queries[1].score == 10


def test_names_are_sorted_and_scores_put_back() -> None:
    pool = make_pool([(2, 2)] * 3)
    shuffled = pool.index.iloc[[2, 0, 1]].reset_index(drop=True)
    by_name, vectors, order = sort_by_name(type(pool)(shuffled), np.array([[2.0], [0.0], [1.0]]))
    assert by_name.image_ids == ["i0", "i1", "i2"]
    assert vectors.ravel().tolist() == [0, 1, 2]
    assert vectors.ravel()[np.argsort(order)].tolist() == [2, 0, 1]


def test_a_vector_that_is_no_number_is_an_error_that_names_the_image() -> None:
    with pytest.raises(FrugalsegError, match="Image 'i1' has features that are not finite"):
        sort_by_name(make_pool([(2, 2)] * 2), np.array([[0.0], [np.inf]]))
