from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pool_makers import make_pool
from skactiveml.pool import k_greedy_center

from frugalseg.acquisition.base import Choice
from frugalseg.acquisition.coreset import CORESET
from frugalseg.acquisition.query_size import QuerySize


def choose(
    vectors: NDArray[np.float64], labeled: NDArray[np.float64], size: int, seed: int = 0
) -> Choice:
    pool = make_pool([(2, 2)] * len(vectors))
    seen = replace(pool, embeddings=lambda: (vectors, labeled))
    return CORESET.select(seen, QuerySize(size), np.random.default_rng(seed))


def names(choice: Choice) -> list[str]:
    return [query.image_id for query in choice.queries]


def test_by_hand() -> None:
    choice = choose(np.array([[1.0], [9.0], [10.0], [6.0]]), np.array([[0.0]]), 3)
    assert names(choice) == ["i2", "i3", "i0"] or names(choice) == ["i2", "i3", "i1"]
    assert [query.score for query in choice.queries] == [10, 4, 1]
    assert choice.scores.tolist() == [1, 9, 10, 6]


def test_as_scikit_activeml_has_it() -> None:
    rng = np.random.default_rng(0)
    vectors, labeled = rng.random((30, 5)), rng.random((4, 5))
    known = np.concatenate([np.full(30, np.nan), np.zeros(4)])
    theirs, _ = k_greedy_center(np.concatenate([vectors, labeled]), known, batch_size=12)
    assert names(choose(vectors, labeled, 12)) == [f"i{place}" for place in theirs]


def test_ties_no_centers_and_queries_beyond_the_pool() -> None:
    same = np.ones((4, 2))
    firsts = {names(choose(same, same[:0], 1, seed))[0] for seed in range(40)}
    assert len(firsts) == 4
    assert sorted(names(choose(same, same, 9))) == ["i0", "i1", "i2", "i3"]
    assert np.isnan(choose(same, same[:0], 1).scores).all()


@given(st.permutations(range(6)))
def test_the_order_of_the_pool_has_no_influence(order: list[int]) -> None:
    vectors = np.array([[0.0], [2.0], [2.0], [4.0], [4.0], [1.0]])
    pool = make_pool([(2, 2)] * 6)
    shuffled = replace(
        pool,
        index=pool.index.iloc[order].reset_index(drop=True),
        embeddings=lambda: (vectors[order], vectors[:1]),
    )
    found = CORESET.select(shuffled, QuerySize(3), np.random.default_rng(1))
    assert names(found) == names(choose(vectors, vectors[:1], 3, 1))
