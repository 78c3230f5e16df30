"""A copy of the real workflow in a folder of its own, and a study of seconds for it."""

import copy
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from frugalseg.params import read_config
from frugalseg.pipeline import fork_server

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "params.yaml", "workflow", "profiles", "src", "dvc.yaml", ".dvcignore")
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "x"), ("EMAIL", "x@example.org"))
}
JOB = re.compile(r"^(?:local)?rule ([\w/]+):(.*?)(?=^\[|^Job stats|\Z)", re.MULTILINE | re.DOTALL)


@cache
def shared_server() -> str:
    """Start a fork server for the studies of all tests; return its address."""
    return fork_server.launch() if sys.platform == "linux" else ""


class Project:
    """A project folder in which snakemake runs.

    Attributes:
        own_imports: whether its jobs import this folder's library themselves, as a user's do;
            otherwise they are forks of a process that has imported the library under test.
    """

    def __init__(self, folder: Path, *, own_imports: bool = False) -> None:
        self.folder = folder
        self.own_imports = own_imports

    def copy_code(self) -> None:
        for name in PARTS:
            source = ROOT / name
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(source, self.folder / name, ignore=ignore, symlinks=False)
            elif source.exists():
                shutil.copy(source, self.folder / name)

    def environment(self, **more: str) -> dict[str, str]:
        """Put the copied library and this Python first."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {
            "PATH": path,
            "PYTHONPATH": str(self.folder / "src"),
            fork_server.ADDRESS: "" if self.own_imports else shared_server(),
        }
        return os.environ | IDENTITY | own | more

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,  # of a machine that is slow, and busy
        )

    def check(self, *command: str) -> str:
        """Run a command that has to end well; return what it says."""
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def dvc(self, *arguments: str) -> str:
        return self.check(sys.executable, "-m", "dvc", *arguments)

    def frugalseg(self, *arguments: str) -> str:
        return self.check(sys.executable, "-m", "frugalseg.cli", *arguments)

    def snakemake(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "snakemake", "--cores", "2", *arguments)
        return self.run(*command, **environment)

    def planned(self, *arguments: str) -> Counter[str]:
        """Return the jobs of a dry run, as 'rule' or 'rule arm/seed/round'."""
        done = self.snakemake("-n", "reports/all", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return jobs(done.stdout + done.stderr)

    @contextmanager
    def changed(self, name: str, change: Callable[[str], str]) -> Iterator[None]:
        """Change a text file, and put it back afterwards."""
        path = self.folder / name
        before = path.read_text()
        after = change(before)
        assert after != before, f"nothing was changed in {name}"
        path.write_text(after)
        try:
            yield
        finally:
            path.write_text(before)

    @contextmanager
    def params(self, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
        """Change params.yaml, and put it back afterwards."""

        def edit(_: str) -> str:
            document = read_config(self.folder / "params.yaml").values
            change(document)
            return yaml.safe_dump(document, sort_keys=False)

        with self.changed("params.yaml", edit):
            yield


def cloned(source: Project, folder: Path) -> Project:
    """Return a clone of a project's repository: what git keeps, and nothing else."""
    subprocess.run(["git", "clone", "-q", str(source.folder), str(folder)], check=True)
    return Project(folder)


def jobs(output: str) -> Counter[str]:
    """Return the jobs that a run or a dry run tells of, as 'rule' or 'rule arm/seed/round'."""
    return Counter(_job(*found) for found in JOB.findall(output))


def _job(rule: str, block: str) -> str:
    wildcards = re.search(r"wildcards: (.*)", block)
    pairs = dict(pair.split("=") for pair in wildcards[1].split(", ")) if wildcards else {}
    names = [pairs[key] for key in ("arm", "seed", "round") if key in pairs]
    return f"{rule} {'/'.join(names)}" if names else rule


def tiny(document: dict[str, Any]) -> dict[str, Any]:
    """Return a study of the built-in data with three arms that takes seconds."""
    small = copy.deepcopy(document)
    small["seeds"] = 2
    scene = {"images": 24, "test": 6, "size": [32, 32], "positives": 0.5}
    small["datasets"]["builtin"] |= {"scene": scene, "image_size": [32, 32]}
    small["datasets"]["builtin"]["split"] = {"validation": 0.13}
    short = {"steps": 2, "batch": 2, "validate_every": 2}
    small["training"]["base"] |= short | {"validation": "split", "tta": "none"}
    small["models"]["small"]["decoder_channels"] = [16, 16, 8, 8, 8]
    start = {"model": "small", "training": "base"}
    small["arms"]["builtin"] = {
        "full": {"labels": 1.0, **start},
        "initial": {"labels": 0.1, **start},
        "random": {"start": "initial", "acquire": "random", "query": 0.1, "rounds": 1},
    }
    small["contrasts"]["builtin"] = [
        {"a": arm, "b": "initial", "metric": "dice"} for arm in ("full", "random")
    ]
    small["statistics"]["resamples"] = 200
    small["report"]["samples"] = 2
    return small
