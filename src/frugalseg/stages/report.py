"""Stage `report`: the page of one data set."""

from pathlib import Path
from typing import Any

from frugalseg.environment import describe_machine, git_revision, package_versions
from frugalseg.files import read_json, sha256
from frugalseg.reporting.page import render
from frugalseg.reporting.study import load_study
from frugalseg.reporting.work import read_jobs


def run(
    prepared: Path, results: Path, figures: Path, out: Path, settings: dict[str, Any], logs: Path
) -> None:
    """Write the data set's page to `out`, and its summary beside it.

    Args:
        logs: where Snakemake keeps time and memory of the data set's jobs; it may be missing, as
            in a fresh clone.
    """
    study = load_study(prepared, results, settings, provenance(prepared, results))
    render(study, figures, out, read_jobs(logs))


def provenance(prepared: Path, results: Path) -> dict[str, Any]:
    """Return what the page says about how its numbers came about."""
    card = read_json(prepared / "card.json")
    name = str(card["name"])
    return {
        "commands": [
            f"snakemake --cores all reports/all --config 'run=[{name}]'",
            "dvc repro",
        ],
        "revision": {"git": git_revision()},
        "hashes": {
            "archive (sha256)": card["archive_sha256"],
            "images (sha256)": card["images_sha256"],
            "masks (sha256)": card["masks_sha256"],
            "scores.csv (sha256)": sha256(results / "scores.csv"),
        },
        "machine of the report": describe_machine(),
        "versions": package_versions(),
    }
