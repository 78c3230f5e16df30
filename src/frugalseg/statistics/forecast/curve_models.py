"""Learning curves that may go on in many ways: a mixture of curves, weighted by what was measured.

A curve is written from its last budget n: the mean score there, the gain of the last doubling, and
the ratio of each doubling's gain to that of the one before. A constant ratio below 1 is an inverse
power law `a - b n^-c` with ratio 2^-c (Viering and Loog 2023), 1 is a straight line in log n, and a
ratio that itself falls is an exponential plateau. No real curve is exactly any of them: around it
runs a random walk in log n, whose steps are as large as real curves deviate. So old budgets count
less than recent ones, and forecasts widen with every doubling.

Given the kind of curve and the step of the walk, everything is linear with Gaussian noise. Kinds
and steps get weights by their marginal likelihood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import logsumexp

Floats = NDArray[np.float64]

POWERS = (-0.5, 0.0, 0.25, 0.5, 1.0, 2.0)
"""Exponents c of the inverse power laws; 0 is the straight line in log n, below it gains grow."""
PLATEAUS = (0.5, 1.0, 2.0, 4.0)
"""Rates of the exponential plateaus, per n labels."""
STEPS = (0.003, 0.01, 0.03)
"""Standard deviations of the random walk per doubling, in units of the metric."""
GAINS = (0.01, 0.03, 0.1, 0.3)
"""Scales of the gain of the doubling that follows the last budget, in units of the metric."""
LEVEL, LEVEL_SCATTER = 0.5, 0.5
"""Prior of the score at the last budget."""


@dataclass(frozen=True)
class Kind:
    """One shape of a curve: `power` with exponent, or `plateau` with rate."""

    name: str
    shape: float

    def gains(self, ratios: Floats) -> Floats:
        """Return what each multiple of the last budget gains, in gains of the next doubling."""
        if self.name == "plateau":
            gains: Floats = np.expm1(-self.shape * (ratios - 1)) / np.expm1(-self.shape)
            return gains
        if self.shape == 0:
            return np.log2(ratios)
        return (1 - ratios**-self.shape) / (1 - 2**-self.shape)

    @property
    def last_gain(self) -> float:
        """Return the gain of endless labels, in gains of the next doubling; 1 if it is endless."""
        if self.name == "plateau":
            return float(-1 / np.expm1(-self.shape))
        return 1.0 if self.shape <= 0 else float(1 / (1 - 2**-self.shape))


KINDS = (
    *(Kind("power", power) for power in POWERS),
    *(Kind("plateau", rate) for rate in PLATEAUS),
)


def walk_covariance(doublings: Floats) -> Floats:
    """Return the covariance of a random walk that starts from 0 in both directions.

    Args:
        doublings: where it is observed, float64, shape (n,); negative before the start.

    Returns:
        float64, n x n, for a walk with a variance of 1 per doubling.
    """
    same_side = np.sign(doublings)[:, None] * np.sign(doublings) > 0
    shared = np.minimum(np.abs(doublings)[:, None], np.abs(doublings))
    return np.where(same_side, shared, 0.0)


@dataclass(frozen=True)
class Component:
    """One kind of curve and step of the walk, with its posterior given the measured means."""

    kind: Kind
    step: float
    mean: Floats
    covariance: Floats
    log_weight: float


def fit_components(doublings: Floats, means: Floats, noise: Floats) -> list[Component]:
    """Return every kind of curve with every step, fitted to the measured means.

    Args:
        doublings: log2 of the budgets over the last one, float64, shape (k,), ascending to 0.
        means: mean scores, float64, shape (k,).
        noise: covariance of the means, float64, k x k.

    Returns:
        The posterior of (level, gain) in each; log weights are those of the marginal likelihood,
        and sum to 1.
    """
    components = []
    for kind, step, scale in product(KINDS, STEPS, GAINS):
        prior = np.array([LEVEL_SCATTER**-2, scale**-2])
        design = np.column_stack([np.ones_like(doublings), kind.gains(2.0**doublings)])
        residual = means - LEVEL
        around = noise + step**2 * walk_covariance(doublings)
        solved = np.linalg.solve(around, np.column_stack([residual, design]))
        precision = np.diag(prior) + design.T @ solved[:, 1:]
        covariance = np.linalg.inv(precision)
        pull = design.T @ solved[:, 0]
        mean = covariance @ pull
        logdets = [np.linalg.slogdet(matrix)[1] for matrix in (around, precision)]
        misfit = residual @ solved[:, 0] - pull @ mean
        likelihood = -0.5 * (misfit + sum(logdets) - np.log(prior).sum())
        mean[0] += LEVEL
        components.append(Component(kind, step, mean, covariance, float(likelihood)))
    total_weight = logsumexp([component.log_weight for component in components])
    return [
        Component(c.kind, c.step, c.mean, c.covariance, c.log_weight - float(total_weight))
        for c in components
    ]


def draw_curves(
    components: Sequence[Component], doublings: Floats, draws: int, rng: np.random.Generator
) -> Floats:
    """Return random curves beyond the last budget, as likely as the components say.

    The smooth part of a curve never falls, and never ends above 1 unless all of them would.

    Args:
        doublings: log2 of the budgets over the last one, float64, shape (m,), ascending, > 0.

    Returns:
        float64, draws x m, at most 1.
    """
    rises = [stats.norm.logsf(-c.mean[1] / np.sqrt(c.covariance[1, 1])) for c in components]
    logs = np.array([c.log_weight for c in components]) + np.array(rises)
    counts = rng.multinomial(3 * draws, np.exp(logs - logsumexp(logs)))
    steps = np.sqrt(np.diff(doublings, prepend=0.0))
    curves, ends = [], []
    for component, count in zip(components, counts, strict=True):
        level, gain = _draw_rising(component, int(count), rng)
        ends.append(level + gain * component.kind.last_gain)
        smooth = level[:, None] + gain[:, None] * component.kind.gains(2.0**doublings)
        walk = component.step * rng.standard_normal(smooth.shape) * steps
        curves.append(smooth + np.cumsum(walk, axis=1))
    possible = np.flatnonzero(np.concatenate(ends) <= 1)
    chosen = rng.choice(possible if len(possible) else 3 * draws, draws)
    drawn: Floats = np.minimum(np.concatenate(curves)[chosen], 1.0)
    return drawn


def _draw_rising(
    component: Component, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return levels and gains of the posterior, given that the gain is not negative."""
    (level, gain), covariance = component.mean, component.covariance
    scatter = np.sqrt(covariance[1, 1])
    gains = stats.truncnorm.rvs(
        -gain / scatter, np.inf, gain, scatter, size=count, random_state=rng
    )
    slope = covariance[0, 1] / covariance[1, 1]
    rest = np.sqrt(max(covariance[0, 0] - slope * covariance[0, 1], 0.0))
    levels: Floats = level + slope * (gains - gain) + rest * rng.standard_normal(count)
    return levels, gains
