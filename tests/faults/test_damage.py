"""Files that are damaged, and a disk that is full or refuses: said, and mended by running again."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults import EVALUATED, ROUND, RUN, SCORES, SNAKEMAKE, copied, same, started, wait_for
from workflow_project import Project, jobs

pytestmark = pytest.mark.timeout(1200)  # several runs of the workflow each
MOUNTS = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_damaged_model_is_made_again_and_what_is_sound_is_left(
    project: Project, tmp_path: Path
) -> None:
    study = copied(project, tmp_path)
    model = study.folder / ROUND / "model.safetensors"
    before = model.read_bytes()
    model.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    ran = study.check(*RUN)
    assert f"{ROUND}/model.safetensors: no record says what made it; deleted" in ran
    assert jobs(ran) == Counter(["train full/0/0", "evaluate full/0", "score"])
    assert model.read_bytes() == before
    assert same(project, study)


@pytest.mark.skipif(not MOUNTS, reason="a small disk is mounted, which only root may do")
@pytest.mark.parametrize(
    ("folder", "rule"), [("results/builtin/split", "split"), (EVALUATED, "evaluate")]
)
def test_a_full_disk_is_said_and_a_larger_one_goes_on(
    project: Project, tmp_path: Path, folder: str, rule: str
) -> None:
    study = copied(project, tmp_path, folder, SCORES)
    place = study.folder / folder
    place.mkdir(parents=True)
    with mounted(place, "-t", "tmpfs", "-o", "size=4k,mode=755", "tmpfs"):
        (place / "fill").write_bytes(b"x" * 4096)
        done = study.run(*SNAKEMAKE)
        assert done.returncode != 0
        assert "No space left on device" in done.stdout + done.stderr
        assert rule in done.stderr
    study.check(*SNAKEMAKE)
    assert same(project, study)


@pytest.mark.skipif(not MOUNTS, reason="a folder is mounted read-only, which only root may do")
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


def test_a_second_run_is_told_of_the_first(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path, SCORES)
    with started(study, *SNAKEMAKE) as first:
        wait_for(lambda: list((study.folder / ".snakemake/locks").glob("*.lock")))
        first.send_signal(signal.SIGSTOP)  # lest it be done before the second has begun
        second, settling = study.run(*SNAKEMAKE), study.run(*RUN)
        first.send_signal(signal.SIGCONT)
        assert second.returncode != 0
        assert (settling.returncode, settling.stdout) == (2, "")
        assert f"Another run is at work in this folder (process {first.pid}," in settling.stderr
        assert f"Another run is at work in this folder (process {first.pid}," in second.stderr
        output, _ = first.communicate()
    assert first.returncode == 0
    assert jobs(output) == Counter(["score"])
    assert same(project, study)
