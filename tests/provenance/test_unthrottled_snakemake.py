import argparse
import subprocess
from pathlib import Path

import pytest
from snakemake import cli
from snakemake.settings.types import MaxJobsPerTimespan

from frugalseg.provenance import unthrottled_snakemake, workflow


def executed(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], answer: bool = True
) -> tuple[int, argparse.Namespace]:
    """Return the exit status, and the options that Snakemake was executed with."""
    seen = []

    def execute(options: argparse.Namespace, parser: object) -> bool:
        seen.append(options)
        return answer

    monkeypatch.setattr(cli, "args_to_api", execute)
    return unthrottled_snakemake.main(arguments), seen[0]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_jobs_of_this_machine_have_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = ["--cores", "2", "--max-jobs-per-timespan", "5/1s", "target"]
    status, options = executed(monkeypatch, limited)
    assert (status, options.cores, list(options.targets)) == (0, 2, ["target"])
    assert options.max_jobs_per_timespan is None


def test_jobs_of_a_cluster_keep_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["--executor", "slurm", "--jobs", "3", "--max-jobs-per-timespan", "5/1s"]
    _, options = executed(monkeypatch, arguments)
    limit = options.max_jobs_per_timespan
    assert isinstance(limit, MaxJobsPerTimespan)
    assert (limit.max_jobs, limit.timespan) == (5, 1)


def test_a_failed_run_has_the_status_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert executed(monkeypatch, ["--cores", "1"], answer=False)[0] == 1


def test_the_workflow_is_run_so_and_errors_are_told_as_by_snakemake() -> None:
    Path("Snakefile").write_text("rule a:\n    output: 'b'\n    shell: 'touch {output}'\n")
    command = workflow.command("--cores", "1")
    assert unthrottled_snakemake.__name__ in command
    done = subprocess.run([*command, "b"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*command, "c"], capture_output=True, text=True, check=False)
    assert (done.returncode, "No rule to produce c" in done.stderr) == (1, True)
