"""Simulated studies in which the arms do not differ: scores as segmentation gives them."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Noise = Callable[[np.random.Generator, tuple[int, ...]], Array]


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs that scatter evenly around 0.7."""
    return 0.7 + 0.03 * rng.normal(size=shape)


def skewed(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs that mostly end near the best, with a long tail of worse ones."""
    return 0.8 - 0.05 * rng.exponential(size=shape)


def zero_inflated(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs of which one in five finds nothing at all."""
    return np.where(rng.random(shape) < 0.2, 0.0, rng.beta(12, 8, size=shape))


def counted(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return false alarms among twenty clean images: full of ties and zeros."""
    return rng.binomial(20, 0.05, size=shape) / 20


NOISES: Mapping[str, Noise] = {
    "normal": normal,
    "skewed": skewed,
    "zero-inflated": zero_inflated,
    "counted": counted,
}


def simulate(
    noise: Noise, studies: int, seeds: int, rng: np.random.Generator, arms: int = 2
) -> Array:
    """Return scores of arms that do not differ, studies x arms x seeds.

    A seed is easy or hard for all arms. Scaling, unlike adding, does not cancel in the differences:
    some seeds scatter more than others.
    """
    difficulty = rng.choice(np.array([0.7, 1.0]), size=(studies, 1, seeds))
    scores: Array = noise(rng, (studies, arms, seeds)) * difficulty
    return scores
