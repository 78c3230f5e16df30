"""How planning grows, and what a study of 20 data sets x 12 arms x 20 seeds x 10 rounds takes.

The data sets are copies of the built-in one, with an initial arm and eleven active arms of ten
rounds each; no job is run. `--study=FOLDER` names a finished study whose mean times and sizes are
extrapolated.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from benchmarks.planning import jobs, make_up
from benchmarks.workflow import copy_project, processor
from frugalseg.params import read_config

SIZES = ((1, 5), (1, 20), (2, 20))
"""Numbers of data sets and seeds to plan."""

WHOLE = (20, 20)
ARMS, ROUNDS = 12, 10
PER_ROUND = ("label", "train")
PER_RUN = ("evaluate",)


def study(folder: Path, datasets: int, seeds: int) -> None:
    """Copy the project with a number of data sets and seeds."""
    copy_project(folder)
    path = folder / "params.yaml"
    params = read_config(path).values
    names = [f"d{number:02}" for number in range(datasets)]
    path.write_text(yaml.safe_dump(params | sections(params, names, seeds), sort_keys=False))


def sections(params: Mapping[str, Any], names: Sequence[str], seeds: int) -> dict[str, Any]:
    """Return the sections of a study of several data sets that differ only in their names."""
    strategy = {"strategy": "supervised", "model": "small", "training": "base"}
    arms: dict[str, Any] = {"initial": {"labels": 0.05, **strategy}}
    for number in range(ARMS - 1):
        acquire = "entropy" if number % 2 else "random"
        arm = {"start": "initial", "acquire": acquire, "query": 0.05, "rounds": ROUNDS}
        arms[f"active{number:02}"] = arm
    contrasts = [{"a": "active01", "b": "active00", "metric": "dice", "at": "final"}]
    return {
        "run": list(names),
        "seeds": seeds,
        "datasets": dict.fromkeys(names, params["datasets"]["builtin"] | {"reader": "builtin"}),
        "arms": dict.fromkeys(names, arms),
        "contrasts": dict.fromkeys(names, contrasts),
        "published": {},
    }


def trainings(datasets: int, seeds: int) -> int:
    """Return the number of trainings."""
    return datasets * seeds * (1 + (ARMS - 1) * ROUNDS)


def main(options: Sequence[str] = ()) -> None:
    """Print the cost of planning at several sizes, and with `--study` that of the whole study."""
    for datasets, seeds in SIZES:
        with tempfile.TemporaryDirectory() as name:
            study(Path(name), datasets, seeds)
            measure(Path(name), datasets, seeds)
    for option in options:
        whole(Path(option.removeprefix("--study=")))


def measure(folder: Path, datasets: int, seeds: int) -> None:
    """Print processor seconds and memory of planning, and of finding nothing to do."""
    count = jobs(folder, "reports/all")
    head = f"{datasets} x {ARMS} x {seeds} x {ROUNDS}: {count:6} jobs"
    seconds, memory = processor(folder, "-n", "--quiet", "rules", "--", "reports/all")
    print(f"{head}, planned        {seconds:6.1f} s, {memory:5.0f} MB", flush=True)
    if datasets > 1:
        return
    make_up(folder, "reports/all")
    if found := jobs(folder, "reports/all"):  # if code was edited in the meantime
        raise RuntimeError(f"expected nothing to do, found {found} jobs")
    seconds, memory = processor(folder, "-n", "reports/all")
    print(f"{head}, nothing to do  {seconds:6.1f} s, {memory:5.0f} MB", flush=True)


def whole(folder: Path) -> None:
    """Print the cost of the whole study, from the times and files of a finished one."""
    datasets, seeds = WHOLE
    runs, rounds = datasets * ARMS * seeds, trainings(datasets, seeds)
    seconds = {stage: mean_seconds(folder, stage) for stage in (*PER_ROUND, *PER_RUN)}
    hours = sum(seconds[stage] * rounds for stage in PER_ROUND)
    hours += sum(seconds[stage] * runs for stage in PER_RUN)
    size = mean_size(folder.glob("results/*/train/*/*/*")) * rounds
    size += mean_size(folder.glob("results/*/evaluate/*/*")) * runs
    print(f"jobs that train or predict       {rounds * 2 + runs}, {rounds} of them trainings")
    print(f"core-hours                       {hours / 3600:.0f}, by mean seconds {seconds}")
    print(f"bytes of models and evaluations  {size / 1e9:.0f} GB")


def mean_seconds(folder: Path, stage: str) -> float:
    """Return the mean seconds of a stage's jobs, from Snakemake's benchmark files."""
    files = list(folder.glob(f"logs/*/{stage}/**/*.tsv"))
    return round(float(pd.concat(pd.read_csv(file, sep="\t") for file in files)["s"].mean()), 2)


def mean_size(folders: Iterable[Path]) -> float:
    """Return the mean size of the files in folders, in bytes."""
    sizes = [sum(file.stat().st_size for file in folder.iterdir()) for folder in folders]
    return sum(sizes) / len(sizes)
