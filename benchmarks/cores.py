"""One arm over five seeds on two cores: trainings side by side, against one after another.

Side by side each training has one thread; one after another each has all. All run the whole
workflow, data and report included. In `as a script` every job is a process of its own that imports
what it needs, like a training script that is called seed by seed; `one after another` differs from
the study only in the threads of trainings.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any

import yaml

from benchmarks.workflow import copy_project, timed, training_seconds
from frugalseg.params import read_config

CORES, SEEDS, ARM = 2, 5, "full"
ROUNDS = 5
STUDY, *PEERS = WAYS = ("side by side", "one after another", "as a script")


def study(folder: Path, threads: int) -> None:
    """Copy the project with one arm of the built-in study, and set the threads of trainings."""
    copy_project(folder)
    path = folder / "params.yaml"
    params: dict[str, Any] = read_config(path).values
    arm = params["arms"]["builtin"][ARM]
    params["training"][arm["training"]]["threads"] = threads
    params |= {"run": ["builtin"], "seeds": SEEDS, "arms": {"builtin": {ARM: arm}}}
    params["contrasts"] = params["published"] = {}
    path.write_text(yaml.safe_dump(params, sort_keys=False))


def without_fork_server(folder: Path) -> None:
    """Remove the fork server: every script imports what it needs."""
    path = folder / "Snakefile"
    path.write_text(path.read_text().partition("\nonstart:")[0])


def seconds_of(how: str) -> float:
    """Print and return the seconds of the study run in one way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study(folder, 1 if how == STUDY else CORES)
        if how == "as a script":
            without_fork_server(folder)
        whole = timed(folder, "reports/all")
        loops = training_seconds(folder)
    print(f"{how:18} {whole:6.0f} s, of it {loops:6.0f} s in {SEEDS} training loops", flush=True)
    return whole


def main() -> None:
    """Print the seconds of each way, and the median ratios of the peers to the study."""
    rounds = [{how: seconds_of(how) for how in WAYS} for _ in range(ROUNDS)]
    for peer in PEERS:
        ratios = sorted(seconds[peer] / seconds[STUDY] for seconds in rounds)
        print(
            f"ratio to {peer:18} {statistics.median(ratios):6.2f}  (from {ratios[0]:.2f} to "
            f"{ratios[-1]:.2f}, {ROUNDS} rounds)"
        )
