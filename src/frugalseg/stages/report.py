"""Stage `report`: the page of one data set."""

from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.environment import describe_machine, git_revision, package_versions
from frugalseg.core.files import read_json, sha256
from frugalseg.reporting.load.study import load_study
from frugalseg.reporting.page.page import render, save_summary


def run(
    prepared: Path,
    results: Path,
    figures: Path,
    jobs: Path,
    page: Path,
    summary: Path,
    settings: dict[str, Any],
) -> None:
    """Write the data set's page and its summary.

    Args:
        jobs: the table that stage `jobs` writes.
    """
    study = load_study(prepared, results, settings, provenance(prepared, results))
    table = pd.read_csv(
        jobs, dtype={"arm": str}, keep_default_na=False, na_values={"megabytes": ""}
    )
    save_summary(render(study, figures, page, table), summary)


def provenance(prepared: Path, results: Path) -> dict[str, Any]:
    """Return how the numbers of the page came about: commands, hashes, machine, versions."""
    card = read_json(paths.within(prepared, paths.CARD))
    return {
        "commands": [
            f"snakemake --cores all {paths.ALL_REPORTS} --config 'run=[{card['name']}]'",
            "dvc repro",
        ],
        "revision": {"git": git_revision()},
        "hashes": {
            "archive (sha256)": card["archive_sha256"],
            "images (sha256)": card["images_sha256"],
            "masks (sha256)": card["masks_sha256"],
            "scores.csv (sha256)": sha256(paths.within(results, paths.SCORES)),
        },
        "machine of the report": describe_machine(),
        "versions": package_versions(),
    }
