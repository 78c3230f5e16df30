import numpy as np
import pytest
from hypothesis import given
from map_makers import PASSES, as_samples, maps_of, random_passes
from numpy.typing import NDArray
from skactiveml.pool import batch_bald, uncertainty_scores

from frugalseg.acquisition.base import Maps, PixelScore
from frugalseg.acquisition.uncertainty import (
    BALD,
    ENTROPY,
    margin,
    mutual_information,
    predictive_entropy,
    variation_ratio,
)

TWO = np.array([[[0.5, 1.0, 0.25]], [[0.5, 0.0, 0.75]]], np.float32)
THREE = np.array([[[0.5, 1.0]], [[0.25, 0.0]], [[0.25, 0.0]]], np.float32)


def one_pass(probs: NDArray[np.float32]) -> Maps:
    return Maps(probs, np.zeros(probs.shape[1:], np.float32))


def test_entropy_by_hand_in_nats() -> None:
    expected = [[np.log(2), 0, 0.25 * np.log(4) + 0.75 * np.log(4 / 3)]]
    assert np.allclose(predictive_entropy(one_pass(TWO)), expected, atol=1e-7)


def test_margin_by_hand() -> None:
    assert margin(one_pass(THREE)).tolist() == [[0.75, 0.0]]


def test_variation_ratio_by_hand() -> None:
    assert variation_ratio(one_pass(TWO)).tolist() == [[0.5, 0.0, 0.25]]


def test_mutual_information_by_hand() -> None:
    """Two passes that are sure of opposite classes know nothing together: ln 2 nats."""
    passes = np.array([[[[1.0, 0.5]], [[0.0, 0.5]]], [[[0.0, 0.5]], [[1.0, 0.5]]]], np.float32)
    assert np.allclose(mutual_information(maps_of(passes)), [[np.log(2), 0]])


@pytest.mark.parametrize(
    ("score", "classes", "method"),
    [
        (predictive_entropy, 3, "entropy"),
        (margin, 4, "margin_sampling"),
        (variation_ratio, 3, "least_confident"),
    ],
)
def test_as_scikit_activeml_has_it(score: PixelScore, classes: int, method: str) -> None:
    maps = maps_of(random_passes(6, classes))
    theirs = uncertainty_scores(as_samples(maps), method=method)
    assert np.abs(score(maps).ravel() - theirs).max() < 1e-6


def test_mutual_information_as_scikit_activeml_has_it() -> None:
    passes = random_passes(8, 3)
    samples = np.moveaxis(passes, 1, 3).reshape(8, -1, 3).astype(np.float64)
    theirs = batch_bald(samples / samples.sum(axis=2, keepdims=True), batch_size=1)[0]
    assert np.abs(mutual_information(maps_of(passes)).ravel() - theirs).max() < 1e-6


@given(PASSES)
def test_entropy_lies_between_nothing_and_ln_c(passes: NDArray[np.float32]) -> None:
    found = predictive_entropy(maps_of(passes))
    assert ((found >= 0) & (found <= np.log(4) + 1e-6)).all()


@given(PASSES)
def test_mutual_information_lies_between_nothing_and_the_entropy(
    passes: NDArray[np.float32],
) -> None:
    maps = maps_of(passes)
    found = mutual_information(maps)
    assert ((found >= 0) & (found <= predictive_entropy(maps))).all()


def test_entropy_needs_maps() -> None:
    assert ENTROPY.needs == "maps"
    assert ENTROPY.units == ("image", "region")


def test_one_pass_is_not_enough_for_bald() -> None:
    assert BALD.least_passes == 2
