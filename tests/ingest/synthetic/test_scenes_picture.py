"""Which picture is a positive, and the generators of pictures."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.ingest.synthetic.picture import PARTS, generator, is_positive


@given(st.floats(0, 1), st.integers(1, 300))
def test_positives_of_the_first_n_are_n_times_the_share_rounded(share: float, n: int) -> None:
    positives = sum(is_positive(number, share) for number in range(n))
    assert abs(positives - n * share) <= 0.5 + 1e-9


def test_positives_by_hand() -> None:
    # Cumulative counts int(k * 0.11 + 0.5) step up at k = 5, 14 and 23: numbers 4, 13, 22.
    assert [k for k in range(24) if is_positive(k, 0.11)] == [4, 13, 22]
    assert not any(is_positive(k, 0.0) for k in range(50))
    assert all(is_positive(k, 1.0) for k in range(50))


def test_every_seed_part_and_number_has_its_own_generator() -> None:
    draws = {
        int(generator(seed, part, number).integers(2**62))
        for seed in range(3)
        for part in PARTS
        for number in range(4)
    }
    assert len(draws) == 3 * len(PARTS) * 4
    again = generator(1, "test", 2).random(3)
    np.testing.assert_array_equal(again, generator(1, "test", 2).random(3))
