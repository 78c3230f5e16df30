"""Time and memory of the hierarchical bootstrap, beside a plain Python loop."""

import resource
import time

import numpy as np

from benchmarks.tables import Row
from frugalseg.statistics.bootstrap import Sums, resample_scores


def speed(rng: np.random.Generator) -> list[Row]:
    """Return the time of the hierarchical bootstrap beside a plain Python loop."""
    seeds, images, arms, resamples, looped = 20, 1_000, 8, 10_000, 5
    values = tuple(rng.random((images, arms)) for _ in range(seeds))
    ones = tuple(np.ones((images, arms)) for _ in range(seeds))
    names = tuple(np.arange(images).astype(object) for _ in range(seeds))
    sums = Sums(tuple(range(seeds)), tuple("abcdefgh"), names, values, ones)
    start = time.perf_counter()
    resample_scores(sums, rng, resamples=resamples)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    plain_bootstrap([table.tolist() for table in values], rng, looped)
    loop = (time.perf_counter() - start) * resamples / looped
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        {
            "resamples": resamples,
            "ours, s": f"{ours:.1f}",
            f"plain loop, s (from {looped} resamples)": f"{loop:.0f}",
            "times": f"{loop / ours:.0f}",
            "peak of this process, MiB": f"{peak:.0f}",
        }
    ]


def plain_bootstrap(
    values: list[list[list[float]]], rng: np.random.Generator, resamples: int
) -> list[list[float]]:
    """Return bootstrap means of every arm, in plain Python."""
    scores: list[list[float]] = []
    for _ in range(resamples):
        totals = [0.0] * len(values[0][0])
        for seed in rng.integers(0, len(values), size=len(values)).tolist():
            rows = values[seed]
            for image in rng.integers(0, len(rows), size=len(rows)).tolist():
                for arm, value in enumerate(rows[image]):
                    totals[arm] += value / len(rows)
        scores.append([total / len(values) for total in totals])
    return scores
