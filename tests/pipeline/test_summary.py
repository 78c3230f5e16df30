from pathlib import Path

import pytest

from frugalseg.core.files import write_json
from frugalseg.pipeline.summary import format_summary


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
