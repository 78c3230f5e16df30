import numpy as np
import pytest
from scipy import stats

from frugalseg.statistics.forecast.curve_models import (
    GAINS,
    KINDS,
    LEVEL,
    LEVEL_SCATTER,
    Component,
    Kind,
    draw_curves,
    fit_components,
    walk_covariance,
)

DOUBLINGS = np.array([-2.0, -1.0, 0.0])
AHEAD = np.array([0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("kind", "gains", "last"),
    [
        (Kind("power", 0.0), [-1, 0, 1, 2], 1.0),
        (Kind("power", 1.0), [-2, 0, 1, 1.5], 2.0),
        (Kind("power", -0.5), [-(2**-0.5), 0, 1, 1 + 2**0.5], 1.0),
        (Kind("plateau", 1.0), None, 1 / (1 - np.exp(-1))),
    ],
)
def test_gains_count_in_those_of_the_next_doubling(
    kind: Kind, gains: list[float] | None, last: float
) -> None:
    found = kind.gains(np.array([0.5, 1.0, 2.0, 4.0]))
    assert found[1:3] == pytest.approx([0, 1])
    if gains is not None:
        assert found == pytest.approx(gains)
    assert kind.last_gain == pytest.approx(last)
    if kind.shape > 0:
        assert kind.gains(np.array([1e9]))[0] == pytest.approx(last)


def test_a_power_law_is_what_its_name_says() -> None:
    n = np.array([8.0, 16.0, 64.0])
    curve = 0.9 - 0.5 * n**-0.5
    gains = Kind("power", 0.5).gains(n / 16)
    assert curve == pytest.approx(curve[1] + (0.5 * 16**-0.5 - 0.5 * 32**-0.5) * gains)


def test_the_walk_is_independent_on_both_sides() -> None:
    expected = [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 2]]
    assert walk_covariance(np.array([-2.0, -1.0, 0.0, 2.0])) == pytest.approx(np.array(expected))


def test_weights_are_marginal_likelihoods() -> None:
    """Against the density of the means under each component, by scipy."""
    means, noise = np.array([0.5, 0.6, 0.65]), np.diag([0.02, 0.01, 0.01]) ** 2
    components = fit_components(DOUBLINGS, means, noise)
    found = np.array([component.log_weight for component in components])
    assert np.exp(found).sum() == pytest.approx(1)
    densities = []
    for component, scale in zip(components, GAINS * (len(components) // len(GAINS)), strict=True):
        design = np.column_stack([np.ones(3), component.kind.gains(2.0**DOUBLINGS)])
        prior = np.diag([LEVEL_SCATTER, scale]) ** 2
        total = design @ prior @ design.T + noise
        total += component.step**2 * walk_covariance(DOUBLINGS)
        densities.append(stats.multivariate_normal([LEVEL] * 3, total).logpdf(means))
    assert found - found[0] == pytest.approx(np.array(densities) - densities[0], abs=1e-6)


def test_every_kind_has_its_weight_and_the_level_is_found() -> None:
    components = fit_components(DOUBLINGS, np.array([0.5, 0.6, 0.65]), 1e-6 * np.eye(3))
    assert {component.kind for component in components} == set(KINDS)
    best = max(components, key=lambda component: component.log_weight)
    assert best.mean[0] == pytest.approx(0.65, abs=2e-3)


def test_curves_do_not_fall_on_average_or_pass_one() -> None:
    rng = np.random.default_rng(0)
    for means in ([0.9, 0.8, 0.7], [0.98, 0.985, 0.99]):
        components = fit_components(DOUBLINGS, np.array(means), 1e-4 * np.eye(3))
        curves = draw_curves(components, AHEAD, 2000, rng)
        assert curves.shape == (2000, 3)
        assert curves.max() <= 1
        median = np.median(curves, axis=0)
        assert (np.diff(median) > -0.01).all()
        assert median[0] == pytest.approx(means[-1], abs=0.06)


def test_gains_are_drawn_from_a_normal_distribution_cut_off_at_zero() -> None:
    """Against scipy's truncated normal distribution."""
    covariance = np.array([[0.0004, 0.0003], [0.0003, 0.0009]])
    for mean in (0.02, -0.3):
        line = Component(Kind("power", 0.0), 0.0, np.array([-0.5, mean]), covariance, 0.0)
        level, after = draw_curves([line], np.array([0.0, 1.0]), 20_000, np.random.default_rng(1)).T
        cut = stats.truncnorm(-mean / 0.03, np.inf, mean, 0.03)
        assert (after - level).min() >= 0
        assert (after - level).mean() == pytest.approx(cut.mean(), rel=0.03)
        assert (after - level).std() == pytest.approx(cut.std(), rel=0.03)
        assert level.mean() == pytest.approx(-0.5 + (cut.mean() - mean) / 3, abs=5e-4)
