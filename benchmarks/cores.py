"""One arm over five seeds on two cores: trainings side by side, against one after another.

Side by side each training has one thread; one after another each has all. Both go through the whole
workflow, data and report included.
"""

import tempfile
from pathlib import Path
from typing import Any

import yaml

from benchmarks.workflow import copy_project, timed, training_seconds

CORES, SEEDS, ARM = 2, 5, "full"


def study(folder: Path, threads: int) -> None:
    """Lay out the project with one arm of the built-in study, and threads for its trainings."""
    copy_project(folder)
    path = folder / "params.yaml"
    params: dict[str, Any] = yaml.safe_load(path.read_text())
    arm = params["arms"]["builtin"][ARM]
    params["training"][arm["training"]]["threads"] = threads
    params |= {"run": ["builtin"], "seeds": SEEDS, "arms": {"builtin": {ARM: arm}}}
    params["contrasts"] = params["published"] = {}
    path.write_text(yaml.safe_dump(params, sort_keys=False))


def main() -> None:
    """Print seconds of both and their ratio."""
    seconds = []
    for threads, how in ((1, "side by side"), (CORES, "one after another")):
        with tempfile.TemporaryDirectory() as name:
            study(Path(name), threads)
            whole = timed(Path(name), "reports/all")
            loops = training_seconds(Path(name))
        seconds.append(whole)
        print(
            f"{how:18} {whole:6.0f} s, of it {loops:6.0f} s in {SEEDS} training loops", flush=True
        )
    print(f"ratio              {seconds[1] / seconds[0]:6.2f}")
