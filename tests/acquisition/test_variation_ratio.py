import numpy as np
from map_makers import as_samples, maps_of, random_passes
from skactiveml.pool import uncertainty_scores

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.variation_ratio import variation_ratio


def test_by_hand() -> None:
    probs = np.array([[[0.5, 1.0, 0.25]], [[0.5, 0.0, 0.75]]], np.float32)
    found = variation_ratio(Maps(probs, np.zeros((1, 3), np.float32)))
    assert found.tolist() == [[0.5, 0.0, 0.25]]


def test_as_scikit_activeml_has_it() -> None:
    maps = maps_of(random_passes(6, 3))
    theirs = uncertainty_scores(as_samples(maps), method="least_confident")
    assert np.abs(variation_ratio(maps).ravel() - theirs).max() < 1e-6
