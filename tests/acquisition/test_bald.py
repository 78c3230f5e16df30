import numpy as np
from hypothesis import given
from map_makers import PASSES, maps_of, random_passes
from numpy.typing import NDArray
from skactiveml.pool import batch_bald

from frugalseg.acquisition.bald import BALD, mutual_information
from frugalseg.acquisition.entropy import predictive_entropy


def test_by_hand() -> None:
    """Two passes that are sure of opposite classes know nothing together: ln 2 nats."""
    passes = np.array([[[[1.0, 0.5]], [[0.0, 0.5]]], [[[0.0, 0.5]], [[1.0, 0.5]]]], np.float32)
    assert np.allclose(mutual_information(maps_of(passes)), [[np.log(2), 0]])


def test_as_scikit_activeml_has_it() -> None:
    passes = random_passes(8, 3)
    samples = np.moveaxis(passes, 1, 3).reshape(8, -1, 3).astype(np.float64)
    theirs = batch_bald(samples / samples.sum(axis=2, keepdims=True), batch_size=1)[0]
    assert np.abs(mutual_information(maps_of(passes)).ravel() - theirs).max() < 1e-6


@given(PASSES)
def test_it_lies_between_nothing_and_the_entropy(passes: NDArray[np.float32]) -> None:
    maps = maps_of(passes)
    found = mutual_information(maps)
    assert ((found >= 0) & (found <= predictive_entropy(maps))).all()


def test_one_pass_is_not_enough() -> None:
    assert BALD.least_passes == 2
