"""Pages of studies hold the tables of the results that were kept of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import study_tables
from document_facts import PARAMS, arm
from documents import ROOT, read_table, sentences

RECORDS = sorted((ROOT / study_tables.RECORDS).glob("*.json"))


@pytest.fixture(params=RECORDS, ids=[path.stem for path in RECORDS])
def record(request: pytest.FixtureRequest) -> dict[str, Any]:
    path: Path = request.param
    return dict(json.loads(path.read_text()))


def page_of(record: dict[str, Any]) -> str:
    return (ROOT / f"docs/studies/{record['dataset'].removesuffix('_small')}.md").read_text()


def test_the_page_holds_the_tables_of_the_results(record: dict[str, Any]) -> None:
    page = page_of(record)
    assert study_tables.arm_table(record) in page, study_tables.arm_table(record)
    assert study_tables.contrast_table(record) in page, study_tables.contrast_table(record)
    assert f"revision {record['revision']}" in page
    trainings = sum(
        row["n"] * len(arm(record["dataset"], row["arm"]).rounds) for row in record["arms"]
    )
    assert f"{trainings:.0f} trainings, {record['core_hours']:.1f} core-hours" in page


def test_the_contrasts_are_those_planned(record: dict[str, Any]) -> None:
    planned = PARAMS.contrasts[record["dataset"]]
    names = ("a", "b", "metric", "claim", "margin")
    assert [tuple(row[name] for name in names) for row in record["contrasts"]] == [
        tuple(getattr(one, name) for name in names) for one in planned
    ]
    assert {row["standing"] for row in record["contrasts"]} == {"confirmatory"}


@pytest.mark.parametrize("row", read_table("README.md", "study"), ids=lambda row: row["contrast"])
def test_the_readme_says_of_a_study_what_its_page_says(row: dict[str, str]) -> None:
    linked = re.fullmatch(r"\[.*\]\((docs/studies/\w+\.md)\)", row["study"])
    assert linked
    rows = read_table(linked[1], "contrast")
    name = row["contrast"].replace("`", "")
    [said] = [one for one in rows if one["contrast"].replace("`", "") == name]
    assert said["verdict"] == row["verdict"]
    assert said.get("seeds", row["seeds"]) == row["seeds"]
    assert row["cost of the study"] in sentences(linked[1])
