"""Seconds of the built-in study and of a run with nothing to do, and the share of training."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
POLL = 0.2
"""Seconds between two readings of a process's times; what it uses after the last is not counted."""


def copy_project(folder: Path) -> None:
    """Copy the workflow and its parameters into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("Snakefile", "params.yaml", "workflow", "profiles"):
        source = ROOT / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / part)


def timed(folder: Path, *arguments: str) -> float:
    """Return the seconds of a snakemake call in `folder`."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def processor(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return the processor seconds of a snakemake call in `folder`, and its peak memory in MB."""
    with _started(folder, *arguments) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def watched(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return the seconds of a snakemake call, and its own processor seconds, without its jobs'."""
    begin, own = time.perf_counter(), 0.0
    with _started(folder, *arguments) as child:
        process = psutil.Process(child.pid)
        while child.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                own = max(own, times.user + times.system)
            time.sleep(POLL)
    return time.perf_counter() - begin, own


@contextlib.contextmanager
def _started(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a call of snakemake that the caller waits for; raise if it failed."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    silent = subprocess.DEVNULL
    child = subprocess.Popen(command, cwd=folder, stdout=silent, stderr=silent)
    yield child
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)


def training_seconds(folder: Path) -> float:
    """Return the total seconds of steps and validations, from the trainings' own records."""
    records = folder.glob("results/*/train/*/*/*/run.json")
    return sum(float(json.loads(record.read_text())["seconds"]) for record in records)


def main(options: Sequence[str] = ()) -> None:
    """Run the study in a fresh folder (`--folder=NAME` keeps it) with the current environment."""
    kept = [option.removeprefix("--folder=") for option in options]
    if kept:
        measure(Path(kept[0]))
    else:
        with tempfile.TemporaryDirectory() as name:
            measure(Path(name))


def measure(folder: Path) -> None:
    """Print the seconds of the study and of a second call, and the share of training."""
    copy_project(folder)
    whole, own = watched(folder, "reports/all")
    training = training_seconds(folder)
    again = timed(folder, "reports/all")
    planning = timed(folder, "-n", "reports/all")
    jobs = len(list(folder.glob("results/*/train/*/*/*/run.json")))
    print(f"reports/all on 2 of {os.cpu_count()} cores  {whole:6.0f} s, {jobs} trainings")
    print(f"of the core time in training loops  {training / (2 * whole):6.2f}")
    print(f"processor time of Snakemake itself  {own:6.1f} s")
    print(f"reports/all, nothing to do          {again:6.1f} s")
    print(f"-n reports/all                      {planning:6.1f} s")
