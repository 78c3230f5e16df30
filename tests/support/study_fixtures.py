"""The tiny study, run once for all tests that ask something of a finished one."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from workflow_project import Project, tiny

from frugalseg.params import read_config

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose tiny study has been run to the report."""
    return finished(tmp_path_factory.mktemp("project"), tiny)


@pytest.fixture(scope="session")
def tracked(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the finished study in a git and DVC repository, committed and pushed."""
    copy = Project(tmp_path_factory.mktemp("tracked") / "project")
    shutil.copytree(project.folder, copy.folder, symlinks=True)
    track(copy, tmp_path_factory.mktemp("store"))
    return copy


def finished(
    folder: Path,
    smaller: Callable[[dict[str, Any]], dict[str, Any]],
    target: str = "reports/all",
) -> Project:
    """Return a project, in `folder`, that was run to `target` with `smaller` parameters."""
    project = Project(folder)
    project.copy_code()
    path = folder / "params.yaml"
    path.write_text(yaml.safe_dump(smaller(read_config(path).values), sort_keys=False))
    done = project.snakemake(target)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def track(project: Project, store: Path) -> None:
    """Put a finished study into a git and DVC repository, committed and pushed to `store`."""
    (project.folder / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    if not (project.folder / "provenance").exists():
        project.check(sys.executable, "-m", "frugalseg.pipeline", "run")
    for command in (
        ("git", "init", "-q"),
        (sys.executable, "-m", "dvc", "init", "-q"),
        (sys.executable, "-m", "dvc", "config", "core.analytics", "false"),
        (sys.executable, "-m", "dvc", "remote", "add", "-d", "store", str(store)),
        (sys.executable, "-m", "dvc", "commit", "-f", "-q"),
        (sys.executable, "-m", "dvc", "push", "-q"),
        ("git", "add", "-A"),
        ("git", "commit", "-qm", "a finished study"),
    ):
        project.check(*command)
