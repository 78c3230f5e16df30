from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, write_csv
from frugalseg.data.stack import read_index
from frugalseg.models.file import load_model
from frugalseg.settings.training import LengthParams
from frugalseg.stages import length, train

LIMITS = {"start": 2, "most": 4, "gain": 0.5}


def automatic(job: train.Run, **changes: Any) -> train.Run:
    steps = LengthParams.model_validate(LIMITS)
    changes |= {"steps": steps, "validate_every": "auto"}
    return job.with_training(job.training.model_copy(update=changes))


@pytest.fixture
def split(prepared: Path) -> Path:
    index = read_index(prepared)
    path = prepared / "split.csv"
    write_csv(path, pd.DataFrame({"image_id": index["image_id"], "part": "train"}))
    return path


def choose(job: train.Run, prepared: Path, ledger: Path, split: Path, name: str) -> Path:
    out = prepared.parent / f"{name}.json"
    resume = prepared.parent / "resume"
    length.run(job, "auto", prepared, ledger, split, out, resume=resume, threads=1)
    assert not list(resume.glob("*"))
    return out


def test_the_length_is_kept_with_the_scores_that_chose_it(
    job: train.Run, prepared: Path, ledger: Path, split: Path
) -> None:
    out = choose(automatic(job), prepared, ledger, split, "first")
    record = read_json(out)
    curve = record.pop("curve")
    assert record == {
        "training": "auto", "steps": 2, "limit_reached": False, "arm": "initial", "seed": 0,
    }  # fmt: skip
    assert [point["steps"] for point in curve] == [2, 4]
    assert all(0 <= point["score"] <= 1 for point in curve)
    again = choose(automatic(job), prepared, ledger, split, "again")
    assert again.read_bytes() == out.read_bytes()


def test_the_score_is_that_of_a_training_of_this_length(
    job: train.Run, prepared: Path, ledger: Path, split: Path
) -> None:
    chosen = choose(automatic(job), prepared, ledger, split, "first")
    out = prepared.parent / "trained"
    out.mkdir()
    train.run(automatic(job), prepared, ledger, None, out, resume=out, threads=1, length=chosen)
    record = read_json(out / "run.json")
    assert record["validation_dice"] == read_json(chosen)["curve"][0]["score"]
    assert (record["steps"], record["training"]["steps"]) == (2, 2)
    assert record["length"] == read_json(chosen)
    assert load_model(out / "model.safetensors")[1]["length"]["steps"] == 2


def test_a_training_without_validation_holds_labels_out_for_its_length(
    job: train.Run, prepared: Path, ledger: Path, split: Path
) -> None:
    bought = pd.read_csv(ledger)
    write_csv(ledger, bought.assign(part="train"))
    chosen = choose(automatic(job, validation="none"), prepared, ledger, split, "held")
    assert [point["steps"] for point in read_json(chosen)["curve"]] == [2, 4]


def test_a_training_that_got_no_length_says_what_to_do(
    job: train.Run, prepared: Path, ledger: Path
) -> None:
    with pytest.raises(FrugalsegError, match="Set a number of steps"):
        train.run(automatic(job), prepared, ledger, None, prepared, resume=prepared, threads=1)
