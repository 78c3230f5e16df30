"""How often the interval for new images contains the true mean difference."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from benchmarks.simulated import Array
from benchmarks.tables import Row, holds, percent
from frugalseg.statistics.crossed import crossed_interval
from frugalseg.statistics.interval import Interval, t_interval

SEEDS, IMAGES = (3, 5, 8, 20), (20, 60, 240)
SPREADS: Mapping[str, tuple[float, float, float]] = {
    "measured": (0.05, 0.10, 0.18),
    "images differ most": (0.02, 0.15, 0.10),
    "seeds differ most": (0.10, 0.05, 0.10),
    "neither": (0.0, 0.0, 0.18),
}
"""Standard deviation of the difference between two arms from seed to seed, from image to image, and
of the rest. `measured` is typical of two arms of the built-in data."""
RESAMPLES = 499


def image_coverage(studies: int, resampled: int, rng: np.random.Generator) -> list[Row]:
    """Return how often each interval holds the mean over all seeds and images.

    The bootstrap is slow and gets only `resampled` studies.
    """
    rows: list[Row] = []
    for (name, spreads), seeds, images in product(SPREADS.items(), SEEDS, IMAGES):
        hits = dict.fromkeys(("crossed (used)", "t over seeds", "pigeonhole bootstrap"), 0)
        for number, values in enumerate(simulate(studies, (seeds, images), spreads, rng)):
            hits["crossed (used)"] += holds(crossed_interval(values).interval, 0.0)
            hits["t over seeds"] += holds(t_interval(values.mean(axis=1)), 0.0)
            if number < resampled:
                hits["pigeonhole bootstrap"] += holds(pigeonhole_interval(values, rng), 0.0)
        row: Row = {"spread": name, "seeds": seeds, "images": images}
        counted = (studies, studies, resampled)
        shares = {k: percent(n, of) for (k, n), of in zip(hits.items(), counted, strict=True)}
        rows.append(row | shares)
    return rows


def simulate(
    studies: int,
    shape: tuple[int, int],
    spreads: tuple[float, float, float],
    rng: np.random.Generator,
) -> Iterator[Array]:
    """Yield differences between two equal arms, seeds x images."""
    of_seed, of_image, rest = spreads
    for _ in range(studies):
        yield (
            rng.normal(0, of_seed, (shape[0], 1))
            + rng.normal(0, of_image, shape[1])
            + rng.normal(0, rest, shape)
        )


def pigeonhole_interval(values: Array, rng: np.random.Generator) -> Interval:
    """Return the percentile interval; seeds and images are drawn independently (Owen, 2007)."""
    weights = (rng.multinomial(n, np.full(n, 1 / n), RESAMPLES) / n for n in values.shape)
    of_seeds, of_images = weights
    low, high = np.quantile(((of_seeds @ values) * of_images).sum(axis=1), [0.025, 0.975])
    return Interval(float(low), float(high))
