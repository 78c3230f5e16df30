"""Several classes in the real workflow: every kind of arm, its scores, and the masks that grow."""

from typing import Any

import pandas as pd
import pytest
from study_fixtures import finished
from workflow_project import Project, tiny

SET = "builtin_multiclass"
ARMS = ("initial", "entropy", "mean_teacher", "weak")


def classes(document: dict[str, Any]) -> dict[str, Any]:
    """Return a study of seconds of four classes: one seed, two steps, an arm of each kind."""
    small = tiny(document)
    small |= {"run": [SET], "seeds": 1}
    size = {"images": 16, "test": 4, "size": [64, 64], "defects": [1, 2], "distractors": [0, 1]}
    small["datasets"][SET] |= {"image_size": [64, 64]}
    small["datasets"][SET]["scene"] |= size
    small["training"]["multiclass"] |= {"steps": 2, "batch": 2, "validate_every": 1}
    small["training"]["multiclass"]["augment"]["crop"]["size"] = [32, 32]
    arms = {name: small["arms"][SET][name] for name in ARMS}
    arms["entropy"]["rounds"] = 1
    arms["mean_teacher"] |= {"training": "multiclass"}
    small["arms"][SET] = arms
    small["contrasts"][SET] = [{"a": "entropy", "b": "mean_teacher", "metric": "miou_foreground"}]
    return small


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose study of classes has been run to the report."""
    return finished(tmp_path_factory.mktemp("classes"), classes)


def test_arms_of_every_kind_have_scores_of_every_class(study: Project) -> None:
    names = {"scratch", "crack", "pit", "stain"}
    scores = pd.read_csv(study.folder / f"results/{SET}/scores.csv")
    assert set(scores["arm"]) == set(ARMS)
    assert names <= set(scores["class"])
    assert "miou_foreground" in set(scores["metric"])
    ledger = pd.read_csv(study.folder / f"results/{SET}/train/weak/seed-0/round-0/labels.csv")
    assert set(ledger["unit"]) == {"tag"}
    confusion = pd.read_csv(study.folder / f"results/{SET}/confusion.csv")
    assert names | {"background"} <= set(confusion.stack())


def test_the_page_shows_how_masks_grew(study: Project) -> None:
    page = (study.folder / f"reports/{SET}/index.html").read_text()
    shown = {arm for arm in ARMS if f"{arm}: watch the masks grow" in page}
    assert shown == set(ARMS) - {"weak"}  # which bought no mask to compare with
