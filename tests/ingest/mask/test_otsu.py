"""Otsu's threshold lies between two populations, and one population has none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mask_makers import counts, noise
from numpy.typing import NDArray

from frugalseg.ingest.mask.otsu import otsu_threshold, separability
from frugalseg.ingest.mask.raw import histogram


def test_otsu_between_two_populations() -> None:
    pooled = counts(_0=900, _10=50, _240=30, _255=20)
    threshold = otsu_threshold(pooled)
    assert threshold is not None
    assert 10 <= threshold < 240


def test_separability_by_hand() -> None:
    """Levels 0, 2 below and 8, 10 above, one pixel each: between 16, total 17."""
    assert separability(counts(_0=1, _2=1, _8=1, _10=1), 5) == pytest.approx(16 / 17)


def test_separability_of_one_population_is_zero() -> None:
    assert separability(counts(_7=5), 3) == 0
    assert separability(counts(_0=5, _7=5), 200) == 0


@given(hnp.arrays(np.int64, 256, elements=st.integers(0, 1000)), st.integers(0, 255))
def test_separability_is_a_share(table: NDArray[np.int64], threshold: int) -> None:
    table[[0, 255]] += 1
    assert 0 <= separability(table, threshold) <= 1


def test_otsu_maximizes_separability() -> None:
    table = np.random.default_rng(3).integers(0, 100, 256)
    threshold = otsu_threshold(table)
    assert threshold is not None
    best = max(separability(table, level) for level in range(256))
    assert separability(table, threshold) == pytest.approx(best)


@pytest.mark.parametrize("level", [0, 3, 128, 255])
def test_noise_around_one_value_is_one_population(level: int) -> None:
    assert otsu_threshold(histogram(noise(level))) is None


def test_constant_is_one_population() -> None:
    assert otsu_threshold(counts(_255=100)) is None
