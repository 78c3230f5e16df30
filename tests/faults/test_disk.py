"""A disk that is full, or refuses: said, nothing half-made left, and gone on with later."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from faults import RUN, SCORES, SNAKEMAKE, copied, same
from study_fixtures import finished
from workflow_project import ROOT, Project, tiny

pytestmark = [
    pytest.mark.timeout(1200),  # several runs of the workflow each
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None,
        reason="disks are mounted, which only root may do",
    ),
]
DISKS = ("data", "results", "reports")
ARMS = ("initial", "weak", "pseudo")
REASONS = ("No space left on device", "Make room")
EVALUATED = "results/builtin/evaluate/initial/seed-1"
STATISTICS = "results/builtin/statistics"
TRAINED = "results/builtin/train"
STAGES = {
    "index": ["reports/index.html"],
    "report": ["reports/builtin/index.html", "results/builtin/summary.json"],
    "jobs": ["reports/builtin/jobs.csv"],
    "plot": ["reports/builtin/figures/figures.json", "reports/builtin/figures"],
    "shortcut": [f"{STATISTICS}/shortcut.csv"],
    "ladder": [f"{STATISTICS}/ladder.csv"],
    "refine": ["results/builtin/evaluate/pseudo/seed-1/refined.parquet"],
    "test": [
        f"{STATISTICS}/{name}.csv"
        for name in ("contrasts", "curve", "budgets", "labels", "ranking")
    ],
    "score": [SCORES, "results/builtin/metrics.json", "results/builtin/confusion.csv"],
    "evaluate": [f"{EVALUATED}/counts.parquet", EVALUATED],
    "train": [
        f"{TRAINED}/initial/seed-1/round-0/{name}"
        for name in ("model.safetensors", "history.csv", "run.json", "watch.npz")
    ],
    "pseudo": [f"{TRAINED}/pseudo/seed-1/round-0/pseudo.{kind}" for kind in ("npy", "csv")],
    "label": [
        f"{TRAINED}/initial/seed-1/round-0/{name}"
        for name in ("labels.csv", "acquired.csv", "acquired.npz")
    ],
    "split": ["results/builtin/split/seed-0.csv", "results/builtin/split"],
    "prepare": ["data/prepared/builtin/images.npy", "data/prepared/builtin"],
    "download": ["data/raw/builtin/archive.zip"],
}
"""Of every rule a file to ask for, and what is made with it; later rules first."""


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def on_a_disk_of_its_own(folder: Path) -> Iterator[None]:
    """Let a folder with all that it holds be a disk, whose size can be changed."""
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    folder.mkdir()
    with mounted(folder, "-t", "tmpfs", "-o", "mode=755", "tmpfs"):
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        yield


def leave_room(folder: Path, size: str = "") -> None:
    """Give a disk another size; by default that of what it holds, or a page: 0 is no limit."""
    facts = os.statvfs(folder)
    used = (facts.f_blocks - facts.f_bfree) * facts.f_frsize
    options = f"remount,size={size or max(used, 4096)}"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def remove(path: Path) -> list[Path]:
    """Remove a file, or all files below a folder; return them."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    for file in files:
        file.unlink()
    return files


def weakly(document: dict[str, Any]) -> dict[str, Any]:
    """Return a study of seconds with tags, and with pseudo-masks of what learned from them."""
    small = tiny(document)
    arms = document["arms"]["builtin"]
    drawn = {"start": "weak", "strategy": "supervised", "warm": False, "pseudo": {"scales": [1.5]}}
    arms["pseudo"] = drawn
    small["arms"]["builtin"] = {name: arms[name] for name in ARMS}
    small["datasets"]["builtin"]["origin"] = "^([a-z]+)-"
    small["contrasts"]["builtin"] = [{"a": "pseudo", "b": "weak", "metric": "dice"}]
    return small


def test_every_rule_meets_a_full_disk() -> None:
    text = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    assert set(re.findall(r"^rule (\w+):", text, re.MULTILINE)) == set(STAGES)


def test_a_disk_may_be_full_at_every_stage(tmp_path: Path) -> None:
    study = finished(tmp_path, weakly)
    scores = (study.folder / SCORES).read_bytes()
    disks = [study.folder / name for name in DISKS]
    with ExitStack() as stack:
        for disk in disks:
            stack.enter_context(on_a_disk_of_its_own(disk))
        for rule, made in STAGES.items():
            gone = [file for name in made for file in remove(study.folder / name)]
            for disk in disks:
                leave_room(disk)
            done = study.snakemake(made[0])
            told = done.stdout + done.stderr
            assert f"Error in rule {rule}:" in told, told
            assert any(reason in told for reason in REASONS), told
            assert not [file for file in gone if file.exists()]
        for disk in disks:
            leave_room(disk, "1g")
        study.check(*RUN)
        assert (study.folder / SCORES).read_bytes() == scores


def test_read_only_results_are_said(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path, SCORES)
    place = study.folder / "results"
    with mounted(place, "--bind", str(place)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
        done = study.run(*SNAKEMAKE)
        assert done.returncode != 0
        assert "Write-protected output files for rule score" in done.stderr
    study.check(*SNAKEMAKE)
    assert same(project, study)
