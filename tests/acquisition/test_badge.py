from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pool_makers import make_pool

from frugalseg.acquisition.badge import BADGE
from frugalseg.acquisition.base import Choice
from frugalseg.acquisition.query_size import QuerySize


def choose(vectors: NDArray[np.float64], size: int, rng: np.random.Generator) -> Choice:
    pool = replace(make_pool([(2, 2)] * len(vectors)), gradients=lambda: vectors)
    return BADGE.select(pool, QuerySize(size), rng)


def names(choice: Choice) -> list[str]:
    return [query.image_id for query in choice.queries]


def test_the_largest_gradient_comes_first_then_chances_go_by_squared_distance() -> None:
    vectors = np.array([[3.0, 0.0], [0.0, 0.0], [3.0, 1.0], [3.0, 2.0]])
    rng = np.random.default_rng(0)
    draws = [names(choose(vectors, 2, rng)) for _ in range(1200)]
    assert {draw[0] for draw in draws} == {"i3"}
    seconds = [draw[1] for draw in draws]
    # squared distances to i3: 4, 13, 1 of 18
    assert abs(seconds.count("i1") / 1200 - 13 / 18) < 0.05
    assert abs(seconds.count("i2") / 1200 - 1 / 18) < 0.03
    assert choose(vectors, 1, rng).scores.tolist() == [3, 0, 10**0.5, 13**0.5]


def test_where_all_gradients_are_equal_each_image_is_drawn_once() -> None:
    for value in (0.0, 1.0):
        vectors = np.full((5, 2), value)
        chosen = [names(choose(vectors, 9, np.random.default_rng(seed))) for seed in range(20)]
        assert all(sorted(draw) == [f"i{place}" for place in range(5)] for draw in chosen)
        assert len({draw[0] for draw in chosen}) > 2


def test_a_pool_of_one() -> None:
    assert names(choose(np.zeros((1, 3)), 1, np.random.default_rng(0))) == ["i0"]


@given(st.permutations(range(5)))
def test_the_order_of_the_pool_has_no_influence(order: list[int]) -> None:
    vectors = np.random.default_rng(0).random((5, 3))
    pool = make_pool([(2, 2)] * 5)
    index = pool.index.iloc[order].reset_index(drop=True)
    shuffled = replace(pool, index=index, gradients=lambda: vectors[order])
    found = BADGE.select(shuffled, QuerySize(3), np.random.default_rng(1))
    assert names(found) == names(choose(vectors, 3, np.random.default_rng(1)))
