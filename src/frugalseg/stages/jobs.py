"""Stage `jobs`: time and memory of every job of a data set, in one table.

Logs and benchmarks are not outputs, so a restored study has only this table.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from frugalseg.core.files import read_json, write_csv
from frugalseg.core.logs import usage_file

COLUMNS = ["rule", "arm", "seconds", "megabytes"]


def run(logs: Path, runs: Sequence[tuple[str, int]], out: Path) -> None:
    """Write a row for each job: rule, arm (empty for jobs of no arm), seconds, megabytes.

    Megabytes are the peak of the process that did the work, which the job records next to its log:
    Snakemake does not see the memory of a fork of the fork server.

    Args:
        logs: the data set's folder of benchmarks, `<rule>.tsv` or `<rule>/<arm>/seed-<s>...tsv`.
        runs: arm and seed of every run; files of other runs are ignored.
    """
    write_csv(out, pd.DataFrame(_rows(logs, set(runs)), columns=COLUMNS))


def _rows(logs: Path, runs: set[tuple[str, int]]) -> Iterator[tuple[str, str, float, float]]:
    for path in sorted(logs.rglob("*.tsv")):
        rule, *names = path.relative_to(logs).with_suffix("").parts
        arm = names[0] if len(names) > 1 else ""
        seed = re.search(r"seed-(\d+)", "/".join(names))
        if arm and (seed is None or (arm, int(seed[1])) not in runs):
            continue
        table = pd.read_csv(path, sep="\t", na_values=["-"])
        if not {"s", "max_rss"} <= set(table) or table.empty:
            continue
        benchmark, usage = table.iloc[-1], usage_file(path.with_suffix(".log"))
        peak = read_json(usage)["peak_memory_mib"] if usage.is_file() else benchmark["max_rss"]
        yield rule, arm, float(benchmark["s"]), float(peak)
