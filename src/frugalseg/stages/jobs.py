"""Stage `jobs`: time and memory of every job of a data set, gathered into one table.

They lie in `logs/`, which is no output: whoever restores the study elsewhere has the table alone.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from frugalseg.core.files import read_json, write_csv
from frugalseg.core.logs import usage_file

COLUMNS = ["rule", "arm", "seconds", "megabytes"]
BENCHMARK = {"s", "max_rss"}


def run(logs: Path, runs: Sequence[tuple[str, int]], out: Path) -> None:
    """Write the table of `read_jobs` to `out`."""
    write_csv(out, read_jobs(logs, runs))


def read_jobs(logs: Path, runs: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """Read Snakemake's benchmarks of one data set, and beside them what the jobs say of themselves.

    Args:
        logs: the folder they lie in, as `<rule>.tsv` or `<rule>/<arm>/seed-<s>...tsv`.
        runs: arm and seed of every run; what others have left behind is not read.

    Returns:
        One row a job: rule, arm (empty for jobs of no arm), seconds, and megabytes: the peak of
        the process that did the work, which may have been a fork that Snakemake does not see.
    """
    return pd.DataFrame(_rows(logs, set(runs)), columns=COLUMNS)


def _rows(logs: Path, runs: set[tuple[str, int]]) -> Iterator[tuple[str, str, float, float]]:
    for path in sorted(logs.rglob("*.tsv")):
        rule, *names = path.relative_to(logs).with_suffix("").parts
        arm = names[0] if len(names) > 1 else ""
        seed = re.search(r"seed-(\d+)", "/".join(names))
        if arm and (seed is None or (arm, int(seed[1])) not in runs):
            continue
        table = pd.read_csv(path, sep="\t", na_values=["-"])
        if not set(table) >= BENCHMARK or table.empty:
            continue
        said, seen = usage_file(path.with_suffix(".log")), table["max_rss"].iloc[-1]
        memory = read_json(said)["peak_memory_mib"] if said.is_file() else seen
        yield rule, arm, float(table["s"].iloc[-1]), float(memory)
