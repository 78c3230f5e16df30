"""DVC above the workflow: a finished study is nothing to do, and a change runs its stage."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workflow_project import Project

ROOT = Path(__file__).parents[2]
IDENTITY = ("-c", "user.name=x", "-c", "user.email=x@example.org")


@pytest.fixture(scope="module")
def tracked(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the finished study in a git and DVC repository, its outputs committed."""
    copy = Project(tmp_path_factory.mktemp("tracked") / "project")
    shutil.copytree(project.folder, copy.folder, symlinks=True)
    (copy.folder / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    for command in (
        ("git", "init", "-q"),
        (sys.executable, "-m", "dvc", "init", "-q"),
        (sys.executable, "-m", "dvc", "config", "core.analytics", "false"),
        (sys.executable, "-m", "dvc", "commit", "-f", "-q"),
        ("git", "add", "-A"),
        ("git", *IDENTITY, "commit", "-qm", "a finished study"),
    ):
        check(copy, *command)
    return copy


def check(project: Project, *command: str) -> str:
    done: subprocess.CompletedProcess[str] = project.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def dvc(project: Project, *arguments: str) -> str:
    return check(project, sys.executable, "-m", "dvc", *arguments)


def test_a_finished_study_is_nothing_to_do(tracked: Project) -> None:
    assert "up to date" in dvc(tracked, "status")
    scores = tracked.folder / "results/builtin/scores.csv"
    before = scores.stat().st_mtime_ns
    assert "up to date" in dvc(tracked, "repro")
    assert scores.stat().st_mtime_ns == before


def test_metrics_are_in_git_and_shown(tracked: Project) -> None:
    shown = dvc(tracked, "metrics", "show")
    assert "results/builtin/metrics.json" in shown
    assert "full.dice.mean" in shown
    files = check(tracked, "git", "ls-files").splitlines()
    assert "results/builtin/metrics.json" in files
    assert not [name for name in files if name.endswith((".npy", ".safetensors", ".zip"))]


def test_a_report_parameter_runs_the_report_only(tracked: Project) -> None:
    model = tracked.folder / "results/builtin/train/full/seed-0/round-0/model.safetensors"
    before = model.stat().st_mtime_ns
    with tracked.params(lambda document: document["report"].update(samples=3)):
        difference = dvc(tracked, "params", "diff")
        assert "report.samples" in difference
        output = dvc(tracked, "repro")
    assert "Running stage 'report'" in output
    assert "Running stage 'train@builtin'" not in output
    assert model.stat().st_mtime_ns == before
