import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from frugalseg.pipeline import __main__ as command

ROOT = Path(__file__).parents[2]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the commands that would be run."""
    commands: list[list[str]] = []

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(arguments)
        return subprocess.CompletedProcess(arguments, 3)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.chdir(ROOT)
    return commands


def test_a_stage_becomes_a_snakemake_call_with_its_status(called: list[list[str]]) -> None:
    assert command.main(["stage", "statistics", "builtin", "--cores", "2"]) == 3
    snakemake = [sys.executable, "-m", "snakemake", "--cores", "2"]
    target = "results/builtin/statistics/contrasts.csv"
    assert called == [[*snakemake, target, "--config", "run=[builtin]"]]


def test_the_report_is_over_all_that_run_names(called: list[list[str]]) -> None:
    command.main(["stage", "report"])
    assert called[0][-1] == "reports/all"


def test_a_wrong_name_is_one_line(
    called: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["stage", "train", "nobody"]) == 2
    assert "Known: builtin, builtin_multiclass, " in capsys.readouterr().err
    assert not called
