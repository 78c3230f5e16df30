"""Whatever is killed, and whenever: the same command again ends with the same scores.

`FRUGALSEG_FAULTS=30 python -m pytest tests/faults/test_kills.py` kills at thirty moments each.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faults import (
    EVALUATED,
    LEFT,
    PIPELINE,
    ROUND,
    RUN,
    SCORES,
    SNAKEMAKE,
    copied,
    here,
    jobs_of,
    same,
    started,
    wait_for,
)
from workflow_project import Project, jobs

pytestmark = pytest.mark.timeout(1200)  # several runs of the workflow each
COUNT = int(os.environ.get("FRUGALSEG_FAULTS", "1"))
MOMENTS = [round(float(t), 1) for t in np.random.default_rng(0).uniform(1, 25, COUNT)]
STAGE = (*PIPELINE, "stage", "evaluate", "builtin", "--cores", "2")


def again(project: Project, *command: str) -> str:
    wait_for(lambda: not here(project.folder), 60)
    return project.check(*command)


def test_a_killed_training_is_done_again(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path, f"{ROUND}/model.safetensors", EVALUATED, SCORES)
    resume = study.folder / ".frugalseg/resume"
    with started(study, *SNAKEMAKE) as run:
        wait_for(lambda: jobs_of(run, "train.py"))
        for job in jobs_of(run, "train.py"):
            job.kill()
        assert run.wait() != 0
    wait_for(lambda: not here(study.folder), 60)
    begun = any(resume.glob("*.pt"))
    again(study, *SNAKEMAKE)
    log = (study.folder / "logs/builtin/train/initial/seed-0/round-0.log").read_text()
    assert ("resumed at step" in log) == begun
    assert same(project, study)
    assert not any(resume.glob("*.pt"))


def kill_at(moment: float, study: Project, command: tuple[str, ...], seconds: float) -> None:
    """Kill a command at a moment; what it started has to be gone within `seconds`."""
    with started(study, *command) as run:
        time.sleep(moment)
        run.kill()
        run.wait()
        wait_for(lambda: not here(study.folder), seconds)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_snakemake_takes_its_jobs_with_it(
    project: Project, tmp_path: Path, moment: float
) -> None:
    study = copied(project, tmp_path, EVALUATED, SCORES)
    kill_at(moment, study, SNAKEMAKE, 20)
    assert jobs(again(study, *SNAKEMAKE)) <= LEFT
    assert same(project, study)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_dvc_takes_snakemake_with_it(
    tracked: Project, tmp_path: Path, moment: float
) -> None:
    study = copied(tracked, tmp_path, EVALUATED, SCORES)
    repro = (PIPELINE[0], "-m", "dvc", "repro", "evaluate@builtin")
    kill_at(moment, study, repro, 60)
    if study.run(PIPELINE[0], "-m", "dvc", "stage", "list").returncode:
        # DVC writes it in place: docs/development/reliability.md
        study.check("git", "checkout", "dvc.lock")
    assert jobs(again(study, *repro)) <= LEFT
    assert same(tracked, study)


def test_a_dvc_that_is_killed_early_leaves_nobody_to_begin(
    tracked: Project, tmp_path: Path
) -> None:
    study = copied(tracked, tmp_path, EVALUATED, SCORES)
    with started(study, PIPELINE[0], "-m", "dvc", "repro", "evaluate@builtin") as run:
        wait_for(lambda: jobs_of(run, "--summary"))  # asked for names, before anything is made
        run.kill()
        wait_for(lambda: not here(study.folder), 60)
    assert not (study.folder / EVALUATED).exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_leaves_no_lock(
    project: Project, tmp_path: Path, number: signal.Signals
) -> None:
    study = copied(project, tmp_path, EVALUATED, SCORES)
    with started(study, *STAGE) as run:
        wait_for(lambda: jobs_of(run, "evaluate.py"))
        if number == signal.SIGINT:
            os.killpg(run.pid, number)  # as a terminal does
        else:
            run.send_signal(number)
        run.communicate()
    assert not list((study.folder / ".snakemake/locks").glob("*"))
    again(study, *STAGE)
    assert same(project, study)


def test_an_interrupt_of_the_caller_alone_ends_snakemake_and_its_jobs(
    project: Project, tmp_path: Path
) -> None:
    """As a supervisor or an editor sends it: not to the group, as a terminal does."""
    study = copied(project, tmp_path, SCORES)

    def endless(document: dict[str, Any]) -> None:
        document["training"]["base"]["steps"] = 1_000_000

    with study.params(endless), started(study, *RUN) as run:
        wait_for(lambda: jobs_of(run, "train.py"))
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
        assert run.returncode != 0
        assert not here(study.folder)
    assert not list((study.folder / ".snakemake/locks").glob("*"))
    again(study, *RUN)
    assert same(project, study)
