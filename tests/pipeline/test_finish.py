import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json
from frugalseg.pipeline.finish import REPORT, format_summary, write_snakemake_report
from frugalseg.provenance import workflow

OUTPUTS = ["results/a/scores.csv", "reports/index.html", "reports/a/index.html"]


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Two pages; Snakemake's report is its configuration."""
    monkeypatch.chdir(tmp_path)
    calls: list[Sequence[str]] = []

    def report(path: Path, config: Sequence[str]) -> None:
        calls.append(config)
        path.write_text(" ".join(config))

    monkeypatch.setattr(workflow, "report", report)
    for path in map(Path, OUTPUTS[1:]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1e9, 1e9))
    return calls


def test_it_is_written_when_a_page_is_newer(reported: list[Sequence[str]]) -> None:
    write_snakemake_report(OUTPUTS, ["--config", "run=[a]"])
    assert REPORT.read_text() == "--config run=[a]"
    write_snakemake_report(OUTPUTS, [])
    assert len(reported) == 1
    os.utime(REPORT, (1e9, 1e9))  # as after a checkout, where all files have one time
    write_snakemake_report(OUTPUTS, [])
    assert len(reported) == 1
    os.utime(OUTPUTS[-1], (2e9, 2e9))
    write_snakemake_report(OUTPUTS, [])
    assert len(reported) == 2


def test_without_a_page_there_is_nothing_to_add_to(reported: list[Sequence[str]]) -> None:
    write_snakemake_report(OUTPUTS[:1], [])
    assert reported == []


def test_a_failure_is_told_and_leaves_nothing(
    reported: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def report(path: Path, _: Sequence[str]) -> None:
        path.write_text("half")
        raise FrugalsegError("Snakemake cannot read the workflow:\nno records")

    monkeypatch.setattr(workflow, "report", report)
    write_snakemake_report(OUTPUTS, [])
    assert [path.name for path in sorted(Path("reports").iterdir())] == ["a", "index.html"]
    assert "no records" in caplog.text


def test_every_report_in_three_lines_and_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "40")
    lines = ["With 30% of the labels, random reaches Dice 0.71.", "b is better.", "Next: run more."]
    write_json(Path("results/two/summary.json"), {"lines": lines})
    outputs = ["results/two/scores.csv", "results/two/summary.json", "results/gone/summary.json"]
    assert format_summary(outputs).splitlines() == [
        "",
        "",
        "two: reports/two/index.html",
        "With 30% of the labels, random reaches",
        "  Dice 0.71.",
        "b is better.",
        "Next: run more.",
        "",
        f"All reports: file://{tmp_path}/reports/index.html",
    ]
