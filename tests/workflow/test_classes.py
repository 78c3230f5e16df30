"""Several classes in the real workflow: arms of every kind, from the scene to their scores."""

from typing import Any

import numpy as np
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
    """Return a project whose study of classes has been run to its scores; figures take longest."""
    folder = tmp_path_factory.mktemp("classes")
    return finished(folder, classes, target=f"results/{SET}/scores.csv")


def test_arms_of_every_kind_have_scores_of_every_class(study: Project) -> None:
    names = {"scratch", "crack", "pit", "stain"}
    scores = pd.read_csv(study.folder / f"results/{SET}/scores.csv")
    assert set(scores["arm"]) == set(ARMS)
    assert names <= set(scores["class"])
    assert "miou_foreground" in set(scores["metric"])
    ledger = pd.read_csv(study.folder / f"results/{SET}/train/weak/seed-0/round-0/labels.csv")
    assert set(ledger["unit"]) == {"tag"}
    confusion = pd.read_csv(study.folder / f"results/{SET}/confusion.csv")
    assert set(confusion["true"]) == set(confusion["pred"]) == {0, 1, 2, 3, 4}


def test_predictions_are_kept_while_masks_are_trained_on(study: Project) -> None:
    frames = {}
    for path in study.folder.glob(f"results/{SET}/train/*/seed-0/round-*/watch.npz"):
        with np.load(path, allow_pickle=False) as kept:
            frames[path.parts[-4]] = kept["steps"].tolist()
    # `weak` bought no validation mask that a prediction could be seen beside
    assert frames.pop("weak") == []
    assert frames == {arm: [1, 2] for arm in ("initial", "entropy", "mean_teacher")}
