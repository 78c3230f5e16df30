"""Which jobs start first, ours against Snakemake's two schedulers, on the built-in study's graph.

Its jobs are those of `planning`'s peer: they compute nothing, and a training sleeps, so that many
cores can be had on few. What is compared is the order alone.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks.planning import trivial
from benchmarks.workflow import timed

SEEDS, SECONDS = 5, 2
CORES = 8, 16
ROUNDS = 5
OURS = "frugalseg"
SCHEDULERS = OURS, "greedy", "ilp"


def seconds_of(scheduler: str, cores: int) -> float:
    """Return the seconds of the study with one of the schedulers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "trivial"
        trivial(folder, SEEDS, f"sleep {SECONDS}; ")
        return timed(folder, "--scheduler", scheduler, cores=cores)


def main() -> None:
    """Print the median seconds of each scheduler, and of the peers' as multiples of ours."""
    for cores in CORES:
        rounds = [{name: seconds_of(name, cores) for name in SCHEDULERS} for _ in range(ROUNDS)]
        for name in SCHEDULERS:
            median = statistics.median(seconds[name] for seconds in rounds)
            ratios = sorted(seconds[name] / seconds[OURS] for seconds in rounds)
            print(
                f"{cores:2} cores, {name:9} {median:5.1f} s, {statistics.median(ratios):.2f} times "
                f"ours (from {ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} rounds)"
            )
