"""Snakemake's own limit of jobs a second, which leaves timers behind, and one that a user sets."""

from pathlib import Path

import pytest
from workflow_project import Project

TARGET = "data/raw/builtin/archive.zip"
NOTED = "timers"
NOTES = f"""
import threading

start = threading.Timer.start

def noted(self):
    with open({NOTED!r}, "a") as file:
        file.write(f"{{self.interval}}\\n")
    start(self)

threading.Timer.start = noted
"""


@pytest.mark.parametrize(
    ("options", "timers"), [((), set()), (("--max-jobs-per-timespan", "50/2s"), {"2.0"})]
)
def test_jobs_start_without_a_rate_unless_one_is_asked_for(
    tmp_path: Path, options: tuple[str, ...], timers: set[str]
) -> None:
    study = Project(tmp_path)
    study.copy_code()
    (tmp_path / "src" / "sitecustomize.py").write_text(NOTES)  # Python imports it at its start
    study.check("snakemake", "--cores", "1", *options, TARGET)
    noted = tmp_path / NOTED
    assert set(noted.read_text().split() if noted.exists() else ()) == timers
