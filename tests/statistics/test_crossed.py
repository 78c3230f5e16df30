import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM

from frugalseg.statistics.crossed import crossed_interval
from frugalseg.statistics.interval import t_interval


def simulate(seeds: int, images: int, spreads: tuple[float, float, float]) -> np.ndarray:
    rng = np.random.default_rng(5)
    of_seed, of_image, rest = spreads
    return (
        0.02
        + rng.normal(0, of_seed, (seeds, 1))
        + rng.normal(0, of_image, images)
        + rng.normal(0, rest, (seeds, images))
    )


def test_two_by_two_by_hand() -> None:
    # Row means 2 and 7, column means 3 and 6, mean 4.5. Mean squares: 25, 9 and 1. Variance of the
    # mean: (24 + 8 + 1) / 4; degrees of freedom: 33^2 / (25^2 + 9^2 + 1^2).
    values = np.array([[1.0, 3.0], [5.0, 9.0]])
    found = crossed_interval(values)
    seeds = stats.t.ppf(0.975, 1) * np.sqrt(25 / 4)  # wider than 2.4 degrees of freedom make it
    crossed = stats.t.ppf(0.975, 1089 / 707) * np.sqrt(33 / 4)
    assert seeds > crossed
    np.testing.assert_allclose(found.interval, [4.5 - seeds, 4.5 + seeds])
    np.testing.assert_allclose(found[1:], [np.sqrt(24 / 2), np.sqrt(8 / 2), 1.0])


def test_images_that_differ_widen_the_interval() -> None:
    values = np.array([[0.0, 4.0, 8.0], [1.0, 5.0, 9.0]])
    # No rest: mean squares 1.5, 32 and 0.
    reach = stats.t.ppf(0.975, 33.5**2 / (1.5**2 + 32**2 / 2)) * np.sqrt(33.5 / 6)
    found = crossed_interval(values)
    np.testing.assert_allclose(found.interval, [4.5 - reach, 4.5 + reach])
    assert found.interval.high > t_interval(values.mean(axis=1)).high


@pytest.mark.parametrize(("seeds", "images"), [(6, 30), (8, 25)])
def test_the_parts_are_those_of_a_mixed_model(seeds: int, images: int) -> None:
    values = simulate(seeds, images, (0.05, 0.1, 0.1))
    seed, image = np.indices(values.shape).reshape(2, -1)
    fit = MixedLM.from_formula(
        "value ~ 1",
        pd.DataFrame({"value": values.ravel(), "seed": seed, "image": image}),
        groups=np.zeros(values.size),
        re_formula="0",
        vc_formula={"seed": "0 + C(seed)", "image": "0 + C(image)"},
    ).fit(reml=True)
    found = crossed_interval(values)
    parts = dict(zip(fit.model.exog_vc.names, np.sqrt(fit.vcomp), strict=True))
    assert found.seed_sd == pytest.approx(parts["seed"], rel=1e-3)
    assert found.image_sd == pytest.approx(parts["image"], rel=1e-3)
    assert found.rest_sd == pytest.approx(np.sqrt(fit.scale), rel=1e-3)


def test_never_narrower_than_over_seeds() -> None:
    values = simulate(3, 200, (0.05, 0.01, 0.1))
    inner, outer = t_interval(values.mean(axis=1)), crossed_interval(values).interval
    assert outer.low <= inner.low + 1e-12
    assert outer.high >= inner.high - 1e-12


def test_more_confidence_is_wider() -> None:
    values = simulate(5, 20, (0.05, 0.1, 0.1))
    assert crossed_interval(values, 0.99).interval.high > crossed_interval(values).interval.high


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (3, 4)])
def test_undefined_without_seeds_images_or_spread(shape: tuple[int, int]) -> None:
    assert np.isnan(crossed_interval(np.ones(shape))[1:]).all()
    assert np.isnan(crossed_interval(np.ones(shape)).interval).all()
