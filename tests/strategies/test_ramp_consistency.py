import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.strategies.consistency import rampup


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sigmoid", [math.exp(-5), math.exp(-5 * 0.5625), math.exp(-1.25), 1.0, 1.0]),
        ("cosine", [0.0, (1 - math.sqrt(0.5)) / 2, 0.5, 1.0, 1.0]),
        ("linear", [0.0, 0.25, 0.5, 1.0, 1.0]),
    ],
)
def test_values_by_formula(name: str, values: list[float]) -> None:
    assert [rampup(name, step, 8) for step in (0, 2, 4, 8, 100)] == pytest.approx(values)


@pytest.mark.parametrize("name", ["sigmoid", "cosine", "linear"])
@given(step=st.integers(0, 300), steps=st.integers(0, 200))
def test_a_multiplier_between_0_and_1_that_never_falls(name: str, step: int, steps: int) -> None:
    assert 0 <= rampup(name, step, steps) <= rampup(name, step + 1, steps) <= 1
