"""How often the intervals over images, which decide nothing, contain the true mean difference."""

import numpy as np

from benchmarks.tables import Row, holds, percent
from frugalseg.statistics.bootstrap import (
    Sums,
    bootstrap_difference,
    image_differences,
    resample_scores,
)
from frugalseg.statistics.interval import Interval, t_interval
from frugalseg.statistics.mixed import fit_mixed

IMAGES = 30
SEED_SD, IMAGE_SD, REST_SD = 0.03, 0.05, 0.1
"""Scatter of the difference between two arms: from seed to seed, image to image, and the rest."""


def image_coverage(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return the coverage of three intervals of a difference that is 0 on the images at hand."""
    rows: list[Row] = []
    for seeds in (5, 10, 20):
        hits = dict.fromkeys(("t over seeds (used)", "hierarchical bootstrap", "mixed model"), 0)
        for _ in range(studies):
            for kind, interval in zip(hits, intervals(seeds, rng), strict=True):
                hits[kind] += holds(interval, 0.0)
        row: Row = {"seeds": seeds}
        rows.append(row | {kind: percent(count, studies) for kind, count in hits.items()})
    return rows


def intervals(seeds: int, rng: np.random.Generator) -> tuple[Interval, Interval, Interval]:
    """Simulate one study; return its three intervals of a minus b."""
    image = rng.normal(0, IMAGE_SD, IMAGES)
    differences = (
        rng.normal(0, SEED_SD, (seeds, 1))
        + (image - image.mean())
        + rng.normal(0, REST_SD, (seeds, IMAGES))
    )
    base = rng.normal(0.7, 0.1, IMAGES)
    values = tuple(np.column_stack([base + row, base]) for row in differences)
    ones = tuple(np.ones((IMAGES, 2)) for _ in range(seeds))
    names = tuple(np.arange(IMAGES).astype(object) for _ in range(seeds))
    sums = Sums(tuple(range(seeds)), ("a", "b"), names, values, ones)
    scores = resample_scores(sums, rng, resamples=999)
    fit = fit_mixed(image_differences(sums, "a", "b"), rng)
    wald = Interval(fit.mean - 1.959964 * fit.error, fit.mean + 1.959964 * fit.error)
    return t_interval(differences.mean(axis=1)), bootstrap_difference(scores, sums, "a", "b"), wald
