"""Studies that something happens to: a copy with work left to do, and ways to stop it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from workflow_project import Project

SCORES = "results/builtin/scores.csv"
EVALUATED = "results/builtin/evaluate/initial/seed-0"
LEFT = Counter(["evaluate initial/0", "score"])
"""The jobs of a study without what was EVALUATED, and without SCORES."""

ROUND = "results/builtin/train/initial/seed-0/round-0"
PIPELINE = (sys.executable, "-m", "frugalseg.pipeline")
RUN = (*PIPELINE, "run", SCORES, "--cores", "2", "--log", "snakemake")
SNAKEMAKE = (sys.executable, "-m", "snakemake", "--cores", "2", SCORES)


def copied(project: Project, folder: Path, *removed: str) -> Project:
    """Return a copy of a finished study from which some folders and files were taken."""
    copy = Project(folder / "project")
    shutil.copytree(project.folder, copy.folder, symlinks=True)
    for name in removed:
        path = copy.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return copy


def same(project: Project, other: Project) -> bool:
    """Say whether two studies ended with the same scores."""
    return (project.folder / SCORES).read_bytes() == (other.folder / SCORES).read_bytes()


@contextmanager
def started(project: Project, *command: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command in a session of its own; whatever is left of it afterwards is killed."""
    process = subprocess.Popen(
        command,
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_for(condition: Callable[[], object], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s"
        time.sleep(0.02)


def jobs_of(process: "subprocess.Popen[str]", script: str) -> list[psutil.Process]:
    """Return the running processes of a script that a run started."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if any(script in part for part in child.cmdline()[1:]):
                found.append(child)
        except psutil.Error:
            continue
    return found


def here(folder: Path) -> list[psutil.Process]:
    """Return the processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found
