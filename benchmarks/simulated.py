"""Simulated studies in which the arms do not differ, with scores like those of segmentation."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Noise = Callable[[np.random.Generator, tuple[int, ...]], Array]
TRAININGS = (
    *(0.5786, 0.6034, 0.6296, 0.6208, 0.4354, 0.5947, 0.6054, 0.6116, 0.5909, 0.5407),
    *(0.5976, 0.5791, 0.6218, 0.6243, 0.5812, 0.5610, 0.5028, 0.6013, 0.6031, 0.6245),
    *(0.6522, 0.6325, 0.6318, 0.6265, 0.6107, 0.5359, 0.5959, 0.6258, 0.6380, 0.4997),
    *(0.5937, 0.6351, 0.5920, 0.6301, 0.6212, 0.6086, 0.6476, 0.5506, 0.6287, 0.6443),
)
"""Dice of the 40 trainings of docs/studies/aa.md: one arm under two names, 20 seeds each."""
COLLAPSED = 0.05
"""Share of runs that find nothing. Of 228 runs of the studies in docs/studies none did
(benchmarks/collapsed.py), so that the true share lies below 1.3 % (the rule of three: 3 / 228)."""


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs that scatter symmetrically around 0.7."""
    return 0.7 + 0.03 * rng.normal(size=shape)


def skewed(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs mostly close to the best one, with a long tail of worse ones."""
    return 0.8 - 0.05 * rng.exponential(size=shape)


def collapsing(share: float) -> Noise:
    """Return noise in which this share of runs finds nothing."""

    def runs(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return np.where(rng.random(shape) < share, 0.0, rng.beta(12, 8, size=shape))

    return runs


def measured(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return runs drawn with replacement from the trainings of a real A/A study."""
    return rng.choice(np.array(TRAININGS), size=shape)


def counted(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return false alarms among twenty clean images: full of ties and zeros."""
    return rng.binomial(20, 0.05, size=shape) / 20


NOISES: Mapping[str, Noise] = {
    "normal": normal,
    "skewed": skewed,
    "measured": measured,
    "zero-inflated": collapsing(COLLAPSED),
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
