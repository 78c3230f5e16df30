import numpy as np
from map_makers import as_samples, maps_of, random_passes
from skactiveml.pool import uncertainty_scores

from frugalseg.acquisition.base import Maps
from frugalseg.acquisition.margin import margin


def test_by_hand() -> None:
    probs = np.array([[[0.5, 1.0]], [[0.25, 0.0]], [[0.25, 0.0]]], np.float32)
    assert margin(Maps(probs, np.zeros((1, 2), np.float32))).tolist() == [[0.75, 0.0]]


def test_as_scikit_activeml_has_it() -> None:
    maps = maps_of(random_passes(6, 4))
    theirs = uncertainty_scores(as_samples(maps), method="margin_sampling")
    assert np.abs(margin(maps).ravel() - theirs).max() < 1e-6
