"""A disk that is full, or refuses: said, nothing half-made left, and gone on with later."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest
from faults import RUN, SCORES, SNAKEMAKE, copied, same
from workflow_project import Project

from frugalseg.pipeline.rules import stages_of_rules
from frugalseg.provenance.records import Records

pytestmark = [
    pytest.mark.timeout(1200),  # several runs of the workflow each
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None,
        reason="disks are mounted, which only root may do",
    ),
]
DISKS = ("data", "results", "reports")
REASONS = ("No space left on device", "Make room")


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


def remove(path: Path) -> Path:
    """Remove a file; return it."""
    path.unlink()
    return path


@dataclass(frozen=True)
class Job:
    """A job of a finished study: its rule, its log, and the files that it made."""

    rule: str
    log: str
    outputs: list[str]


def jobs_of_every_rule(study: Project) -> list[list[Job]]:
    """Return one job of every rule, in groups of which none needs another, last ones first."""
    done = study.snakemake("--summary", "reports/all", FRUGALSEG_INSPECTING="1")
    rows = csv.DictReader(done.stdout.splitlines(), delimiter="\t")
    rules = {row["output_file"]: row["rule"] for row in rows}
    records, made = Records(study.folder / ".snakemake"), dict[str, list[str]]()
    needs: dict[str, set[str]] = {}
    for output in rules:
        record = records.read(output)
        [log] = record["log"]
        made.setdefault(log, []).append(output)
        needs[log] = set(record["input"])
    maker = {output: log for log, outputs in made.items() for output in outputs}
    sorter = TopologicalSorter({log: {maker[path] for path in needs[log]} for log in made})
    sorter.prepare()
    groups, seen = list[list[Job]](), set[str]()
    while ready := sorter.get_ready():
        jobs = {rules[made[log][0]]: log for log in ready}
        groups.append([Job(rule, log, made[log]) for rule, log in jobs.items() if rule not in seen])
        seen |= set(jobs)
        sorter.done(*ready)
    return [group for group in reversed(groups) if group]


def unrecorded(study: Project, output: str) -> list[str]:
    """Return the files beside an output that a job makes without declaring them."""
    records = Records(study.folder / ".snakemake")
    files = [path for path in (study.folder / output).parent.glob("*.*") if path.is_file()]
    names = [str(path.relative_to(study.folder)) for path in files]
    return [name for name in names if not records.read(name)]


def test_a_disk_may_be_full_at_every_stage(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path)
    scores = (study.folder / SCORES).read_bytes()
    groups = jobs_of_every_rule(study)
    assert {job.rule for group in groups for job in group} == set(stages_of_rules())
    disks = [study.folder / name for name in DISKS]
    with ExitStack() as stack:
        for disk in disks:
            stack.enter_context(on_a_disk_of_its_own(disk))
        for group in groups:
            refuse(study, group, disks)
        for disk in disks:
            leave_room(disk, "1g")
        study.check(*RUN)
        assert (study.folder / SCORES).read_bytes() == scores


def refuse(study: Project, group: list[Job], disks: list[Path]) -> None:
    """Run jobs again on full disks: each has to say why it cannot, and leave nothing."""
    names = [[*job.outputs, *unrecorded(study, job.outputs[0])] for job in group]
    gone = [remove(study.folder / name) for name in chain.from_iterable(names)]
    for disk in disks:
        leave_room(disk)
    done = study.snakemake("--keep-going", *(job.outputs[0] for job in group))
    told = done.stdout + done.stderr
    assert any(reason in told for reason in REASONS), told
    for job in group:
        assert f"Error in rule {job.rule}:" in told, told
        log = (study.folder / job.log).read_text()
        assert any(reason in log for reason in REASONS), log
    assert not [file for file in gone if file.exists()]


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
