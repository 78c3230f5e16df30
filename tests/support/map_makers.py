"""Probability maps for the tests of pixel scores."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.special import entr

from frugalseg.acquisition.base import Maps


def maps_of(passes: NDArray[np.float32]) -> Maps:
    """Return the maps of T passes, T x C x H x W."""
    expected: NDArray[np.float32] = entr(passes).sum(axis=1).mean(axis=0)
    return Maps(passes.mean(axis=0), expected)


def random_passes(passes: int, classes: int) -> NDArray[np.float32]:
    """Return probabilities of `passes` passes over a 5 x 7 image."""
    drawn = np.random.default_rng(0).dirichlet(np.ones(classes), (passes, 5, 7))
    return np.moveaxis(drawn, 3, 1).astype(np.float32)


PASSES = arrays(
    np.float32, (3, 4, 2, 2), elements=st.floats(0.0, 1.0, width=32).map(lambda x: x + 2**-20)
).map(lambda weights: weights / weights.sum(axis=1, keepdims=True))
"""Probabilities of 3 passes over 4 classes."""


def as_samples(maps: Maps) -> NDArray[np.float64]:
    """Lay the mean probabilities out as a peer takes them: pixels x classes."""
    probs = maps.probs.astype(np.float64).reshape(len(maps.probs), -1).T
    samples: NDArray[np.float64] = probs / probs.sum(axis=1, keepdims=True)
    return samples
