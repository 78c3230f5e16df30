import numpy as np
import pytest

from frugalseg.acquisition.aggregate import aggregate
from frugalseg.acquisition.base import Aggregate

SCORES = np.array([[0.5, 0.25], [0.75, 0.0]], np.float32)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Aggregate("sum"), 1.5),
        (Aggregate("mean"), 0.375),
        (Aggregate("max"), 0.75),
        (Aggregate("top_k", 2), 0.625),
        (Aggregate("top_k", 0.5), 0.625),
        (Aggregate("top_k", 0.01), 0.75),  # at least one pixel
        (Aggregate("top_k", 99), 0.375),  # at most all
    ],
)
def test_by_hand(how: Aggregate, expected: float) -> None:
    assert aggregate(SCORES, how) == expected


def test_many_small_numbers_are_not_lost() -> None:
    ones = np.full(2**25, 1.0, np.float32)  # a 32-bit sum stops at 2**24
    assert aggregate(ones, Aggregate("sum")) == 2**25
