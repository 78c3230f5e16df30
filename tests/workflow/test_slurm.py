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
RUNS = ("full/seed-1/round-0", "random/seed-1/round-1")


def test_a_cluster_gives_the_same_scores_whatever_happens_to_its_jobs(
    project: Project, tmp_path: Path
) -> None:
    """Two trainings are done again: one is preempted, and the other one's job cancelled."""
    made = [f"results/builtin/train/{run}" for run in RUNS]
    logs = [f"logs/builtin/train/{run}.log" for run in RUNS]
    scored = [f"results/builtin/evaluate/{run.rpartition('/')[0]}" for run in RUNS]
    study = copied(project, tmp_path, *made, *logs, *scored, SCORES)
    with started(study, sys.executable, "-m", "snakemake", *PROFILE, *STATUS, SCORES) as run:
        [preempted] = ask(study, RUNS[0], "scontrol", "requeue")
        ask(study, RUNS[1], "scancel")
        output, _ = run.communicate()
        assert run.returncode == 0, output
    assert (study.folder / SCORES).read_bytes() == (project.folder / SCORES).read_bytes()
    again = job(preempted)
    assert (again["JobState"], again["Restarts"]) == ("COMPLETED", "1")
    first, second = (job(number) for number in sorted(training_jobs(RUNS[1]), key=int))
    assert (first["JobState"], second["JobState"]) == ("CANCELLED", "COMPLETED")
    assert memory(second) == 2 * memory(first)
    assert second["TresPerJob"] == "gres:gpu:1"


def training_jobs(run: str) -> list[str]:
    return jobs(f"builtin-{run.replace('/seed', '').replace('/round', '')}_label_train")


def ask(study: Project, run: str, *command: str) -> list[str]:
    """Run a command of Slurm on the job of a training that has begun; return its number."""
    log = study.folder / f"logs/builtin/train/{run}.log"
    wait_for(log.exists)
    found = training_jobs(run)
    subprocess.run([*command, *found], check=True, timeout=30)
    return found


def memory(job: dict[str, str]) -> int:
    return int(job["MinMemoryNode"].removesuffix("M"))
