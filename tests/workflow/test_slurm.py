"""The workflow on a Slurm cluster of one machine with two GPUs that are none."""

import subprocess
import sys
from pathlib import Path

import pytest
from faults import SCORES, copied, started, wait_for
from slurm import job, jobs
from workflow_project import Project

pytestmark = [pytest.mark.timeout(1200), pytest.mark.usefixtures("slurm")]

PROFILE = ("--profile", "workflow/profiles/slurm", "--max-threads", "2")
STATUS = ("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "2")
ARMS = ("full", "initial", "random")


def test_a_cluster_gives_the_same_scores_whatever_happens_to_its_jobs(
    project: Project, tmp_path: Path
) -> None:
    """Seed 1 is done again; one of its trainings is preempted, and another one's job cancelled."""
    arms = [f"builtin/{stage}/{arm}/seed-1" for stage in ("train", "evaluate") for arm in ARMS]
    made = [f"results/{run}" for run in arms] + [f"logs/{arm}" for arm in arms if "train" in arm]
    study = copied(project, tmp_path, "results/builtin/split/seed-1.csv", *made, SCORES)
    with started(study, sys.executable, "-m", "snakemake", *PROFILE, *STATUS, SCORES) as run:
        [preempted] = ask(study, "full", "scontrol", "requeue")
        ask(study, "initial", "scancel")
        output, _ = run.communicate()
        assert run.returncode == 0, output
    assert (study.folder / SCORES).read_bytes() == (project.folder / SCORES).read_bytes()
    again = job(preempted)
    assert (again["JobState"], again["Restarts"]) == ("COMPLETED", "1")
    first, second = (job(number) for number in sorted(training_jobs("initial"), key=int))
    assert (first["JobState"], second["JobState"]) == ("CANCELLED", "COMPLETED")
    assert memory(second) == 2 * memory(first)
    assert second["TresPerJob"] == "gres:gpu:1"


def training_jobs(arm: str) -> list[str]:
    return jobs(f"builtin-{arm}-1-0_label_train")


def ask(study: Project, arm: str, *command: str) -> list[str]:
    """Ask something of the cluster for an arm's job, once its training has begun."""
    log = study.folder / f"logs/builtin/train/{arm}/seed-1/round-0.log"
    wait_for(log.exists)
    found = training_jobs(arm)
    subprocess.run([*command, *found], check=True, timeout=30)
    return found


def memory(job: dict[str, str]) -> int:
    return int(job["MinMemoryNode"].removesuffix("M"))
