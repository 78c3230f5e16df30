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
from scipy.special import log_ndtr, logsumexp, ndtri_exp

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
    grid = list(product(KINDS, STEPS, GAINS))
    steps = np.array([step for _, step, _ in grid])
    ones = np.ones_like(doublings)
    designs = np.array([np.column_stack([ones, k.gains(2.0**doublings)]) for k, _, _ in grid])
    priors = np.array([[LEVEL_SCATTER**-2, scale**-2] for _, _, scale in grid])
    residual = np.broadcast_to((means - LEVEL)[:, None], (len(grid), len(means), 1))
    around = noise + steps[:, None, None] ** 2 * walk_covariance(doublings)
    solved = np.linalg.solve(around, np.concatenate([designs, residual], axis=2))
    precisions = priors[:, :, None] * np.eye(2) + designs.mT @ solved[..., :2]
    covariances = np.linalg.inv(precisions)
    pulls = designs.mT @ solved[..., 2:]
    fitted = covariances @ pulls
    misfits = (residual.mT @ solved[..., 2:] - pulls.mT @ fitted)[:, 0, 0]
    logdets = np.linalg.slogdet(around)[1] + np.linalg.slogdet(precisions)[1]
    weights = -0.5 * (misfits + logdets - np.log(priors).sum(axis=1))
    weights -= logsumexp(weights)
    posterior_means = fitted[..., 0] + [LEVEL, 0.0]
    return [
        Component(kind, step, mean, covariance, float(weight))
        for (kind, step, _), mean, covariance, weight in zip(
            grid, posterior_means, covariances, weights, strict=True
        )
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
    means = np.array([c.mean for c in components])
    covariances = np.array([c.covariance for c in components])
    shapes = np.array([c.kind.gains(2.0**doublings) for c in components])
    last_gains = np.array([c.kind.last_gain for c in components])
    walks = np.array([c.step for c in components])[:, None] * np.sqrt(np.diff(doublings, prepend=0))
    rises = log_ndtr(means[:, 1] / np.sqrt(covariances[:, 1, 1]))
    logs = rises + [c.log_weight for c in components]
    drawn = rng.choice(len(components), 3 * draws, p=np.exp(logs - logsumexp(logs)))
    levels, gains = _draw_rising(means[drawn], covariances[drawn], rng)
    possible = np.flatnonzero(levels + gains * last_gains[drawn] <= 1)
    kept = rng.choice(possible if len(possible) else 3 * draws, draws)
    chosen = drawn[kept]
    walk = np.cumsum(walks[chosen] * rng.standard_normal((draws, len(doublings))), axis=1)
    curves = levels[kept, None] + gains[kept, None] * shapes[chosen] + walk
    return np.asarray(np.minimum(curves, 1.0), dtype=np.float64)


def _draw_rising(
    means: Floats, covariances: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return a level and a gain from each normal distribution, given that the gain rises.

    Args:
        means: of (level, gain), float64, n x 2.
        covariances: float64, n x 2 x 2.
    """
    scatter = np.sqrt(covariances[:, 1, 1])
    above = np.log(rng.random(len(means))) + log_ndtr(means[:, 1] / scatter)
    deviations = -scatter * ndtri_exp(above)
    slope = covariances[:, 0, 1] / covariances[:, 1, 1]
    rest = np.sqrt(np.maximum(covariances[:, 0, 0] - slope * covariances[:, 0, 1], 0.0))
    levels = means[:, 0] + slope * deviations + rest * rng.standard_normal(len(means))
    return levels, means[:, 1] + deviations
