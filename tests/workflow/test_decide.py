"""A study with looks, in the real workflow: one contrast is decided at once, the other never."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from study_fixtures import finished, track
from workflow_project import Project, cloned, tiny

DECISIONS = "results/builtin/decisions.json"
CONTRASTS = "results/builtin/statistics/contrasts.csv"


def sequential(document: dict[str, Any]) -> dict[str, Any]:
    small = tiny(document) | {"seeds": {"looks": [3, 4]}}
    small["contrasts"]["builtin"] = [
        {"a": "full", "b": "initial", "claim": "not_worse", "margin": 0.95},
        {"a": "random", "b": "initial", "claim": "not_worse", "margin": 1e-9, "weight": 0.01},
    ]
    return small


def decisions(project: Project) -> dict[str, Any]:
    return dict(json.loads((project.folder / DECISIONS).read_text()))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that was run to its first look, without a decision."""
    return finished(tmp_path_factory.mktemp("decide"), sequential, target=CONTRASTS)


@pytest.fixture(scope="module")
def decided(begun: Project) -> Project:
    begun.frugalseg("decide", "--cores", "2")
    return begun


def test_a_run_without_decisions_is_the_first_look(begun: Project) -> None:
    # before `decided`, which shares the folder
    assert not (begun.folder / DECISIONS).exists()
    scores = pd.read_csv(begun.folder / "results/builtin/scores.csv")
    assert set(scores["seed"]) == {0, 1, 2}


def test_hours_that_the_next_look_exceeds_are_refused(begun: Project) -> None:
    done = begun.run("frugalseg", "decide", "--cores", "2", "--hours", "1e-9")
    assert done.returncode == 2
    assert "builtin: the next look takes about" in done.stderr
    assert decisions(begun)["seeds"] == {"full": 3, "initial": 3, "random": 3}


def test_arms_of_decided_contrasts_get_no_further_seeds(decided: Project) -> None:
    found = decisions(decided)
    assert found["seeds"] == {"full": 3, "initial": 4, "random": 4}
    assert [look["seeds"] for look in found["looks"]] == [3, 4]
    assert [row["verdict"] for row in found["looks"][-1]["contrasts"]] == [
        "not worse by the margin",
        "undecided",
    ]
    assert [row["n"] for row in found["looks"][-1]["contrasts"]] == [3, 4]
    scores = pd.read_csv(decided.folder / "results/builtin/scores.csv")
    seeds = scores.groupby("arm")["seed"].nunique()
    assert seeds.to_dict() == {"full": 3, "initial": 4, "random": 4}


def test_what_is_decided_stays_as_it_is(decided: Project) -> None:
    before = (decided.folder / DECISIONS).read_bytes()
    assert decided.planned() == Counter()
    decided.frugalseg("decide", "--cores", "2")
    assert (decided.folder / DECISIONS).read_bytes() == before


def test_snakemake_dvc_and_a_clone_agree_on_the_seeds(decided: Project, tmp_path: Path) -> None:
    track(decided, tmp_path / "store")
    assert "up to date" in decided.dvc("status")
    clone = cloned(decided, tmp_path / "clone")
    clone.frugalseg("restore")
    assert clone.planned() == Counter()
    assert "up to date" in clone.dvc("status")


def test_looks_that_changed_are_refused(decided: Project) -> None:
    with decided.params(lambda document: document.update(seeds={"looks": [2, 5]})):
        done = decided.snakemake("-n", "reports/all")
    assert done.returncode != 0
    assert "which is no look of seeds.looks in params.yaml (2, 5)" in done.stdout + done.stderr
