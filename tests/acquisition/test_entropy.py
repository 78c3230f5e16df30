import numpy as np
from hypothesis import given
from map_makers import PASSES, as_samples, maps_of, random_passes
from numpy.typing import NDArray
from skactiveml.pool import uncertainty_scores

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.entropy import ENTROPY, predictive_entropy


def test_by_hand_in_nats() -> None:
    probs = np.array([[[0.5, 1.0, 0.25]], [[0.5, 0.0, 0.75]]], np.float32)
    found = predictive_entropy(Maps(probs, np.zeros((1, 3), np.float32)))
    expected = [[np.log(2), 0, 0.25 * np.log(4) + 0.75 * np.log(4 / 3)]]
    assert np.allclose(found, expected, atol=1e-7)


def test_as_scikit_activeml_has_it() -> None:
    maps = maps_of(random_passes(6, 3))
    theirs = uncertainty_scores(as_samples(maps), method="entropy")
    assert np.abs(predictive_entropy(maps).ravel() - theirs).max() < 1e-6


@given(PASSES)
def test_it_lies_between_nothing_and_ln_c(passes: NDArray[np.float32]) -> None:
    found = predictive_entropy(maps_of(passes))
    assert ((found >= 0) & (found <= np.log(4) + 1e-6)).all()


def test_it_needs_maps() -> None:
    assert ENTROPY.needs == "maps"
    assert ENTROPY.units == ("image", "region")
