import numpy as np
import pytest
from pool_makers import make_pool

from frugalseg.acquisition.ranking import aggregate

SCORES = np.array([[0.5, 0.25], [0.75, 0.0]], np.float32)


@pytest.mark.parametrize(
    ("how", "top_k", "expected"),
    [
        ("sum", 1, 1.5),
        ("mean", 1, 0.375),
        ("max", 1, 0.75),
        ("top_k", 2, 0.625),
        ("top_k", 0.5, 0.625),
        ("top_k", 0.01, 0.75),  # at least one pixel
        ("top_k", 99, 0.375),  # at most all
    ],
)
def test_by_hand(how: str, top_k: int | float, expected: float) -> None:
    assert aggregate(SCORES, make_pool([], aggregate=how, top_k=top_k)) == expected


def test_many_small_numbers_are_not_lost() -> None:
    ones = np.full(2**25, 1.0, np.float32)  # a 32-bit sum stops at 2**24
    assert aggregate(ones, make_pool([], aggregate="sum")) == 2**25
