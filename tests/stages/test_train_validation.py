from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.models.file import load_model, read_card
from frugalseg.models.flips import average_flips
from frugalseg.settings.training import AugmentParams, TrainingParams
from frugalseg.stages import train
from frugalseg.training.loop import Loop

Trained = Callable[..., Path]


def changed(job: train.Run, **fields: object) -> train.Run:
    return job.model_copy(update=fields)


def validated(job: train.Run, validation: object) -> train.Run:
    settings = job.training.model_dump(mode="json") | {"validation": validation}
    return job.model_copy(update={"training": TrainingParams.model_validate(settings)})


def test_without_a_validation_all_labels_train(
    trained: Trained, prepared: Path, ledger: Path, job: train.Run
) -> None:
    out = prepared.parent / "none"
    out.mkdir()
    unvalidated = validated(job, "none")
    resume = prepared.parent / "resume"
    train.run(unvalidated, prepared, ledger, None, out, resume=resume, threads=1)
    card, record = read_card(out / "model.safetensors"), read_json(out / "run.json")
    assert (card["threshold"], card["validation"]) == (0.5, "none")
    assert (record["best_step"], record["validation_dice"]) == (6, None)
    masks = np.load(prepared / "masks.npy")
    held = pd.read_csv(ledger).query("part == 'val'")["image_id"]
    index = pd.read_csv(prepared / "index.csv").set_index("image_id")
    masks[index.loc[held, "row"]] ^= 1
    np.save(prepared / "masks.npy", masks)
    before = (out / "model.safetensors").read_bytes()
    train.run(unvalidated, prepared, ledger, None, out, resume=resume, threads=1)
    assert (out / "model.safetensors").read_bytes() != before


def test_cross_validation_keeps_the_model_of_all_labels_and_its_folds_threshold(
    prepared: Path, ledger: Path, job: train.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent, fit = [], train.fit

    def timed(*args: Any) -> Any:
        result, model = fit(*args)
        spent.append(result.seconds)
        return result, model

    monkeypatch.setattr(train, "fit", timed)
    cards, states = {}, {}
    for name, validation in {"none": "none", "cross": {"folds": 2}}.items():
        out = prepared.parent / name
        out.mkdir()
        run = validated(job, validation)
        resume = prepared.parent / "resume"
        train.run(run, prepared, ledger, None, out, resume=resume, threads=1)
        model, cards[name] = load_model(out / "model.safetensors")
        states[name] = model.state_dict()
    assert all(torch.equal(states["none"][name], states["cross"][name]) for name in states["none"])
    assert cards["cross"]["validation"] == {"folds": 2}
    record = read_json(prepared.parent / "cross" / "run.json")
    assert record["threshold"] == cards["cross"]["threshold"]
    assert 0 < record["validation_dice"] <= 1
    assert record["validation_nll"] > 0
    assert len(spent) == 1 + 3
    assert record["seconds"] == pytest.approx(sum(spent[1:]), abs=0.01)  # those of folds, too
    assert not list((prepared.parent / "resume").iterdir())


def test_the_threshold_is_that_of_predictions_averaged_over_flips(
    trained: Trained, prepared: Path, ledger: Path, job: train.Run
) -> None:
    unaveraged = job.training.model_copy(update={"augment": AugmentParams(hflip=0.5)})
    flipped = changed(job, training=unaveraged.model_copy(update={"tta": "flips"}))
    out = trained("flipped", flipped)
    model, card = load_model(out / "model.safetensors")
    validate = train.load_data(flipped, prepared, ledger, None).validator()
    assert validate is not None
    averaged = validate(average_flips(model, ["horizontal"]))
    record = read_json(out / "run.json")
    assert record["validation_nll"] == pytest.approx(averaged.nll, rel=1e-4)
    assert record["validation_nll"] != pytest.approx(validate(model).nll, rel=1e-3)
    assert card["threshold"] == averaged.threshold
    folds = trained("folds", validated(flipped, {"folds": 2}))
    single = trained("single", validated(changed(job, training=unaveraged), {"folds": 2}))
    runs = [read_json(folder / "run.json") for folder in (folds, single)]
    assert runs[0]["validation_nll"] != runs[1]["validation_nll"]


def test_what_is_killed_at_its_end_trains_no_fold_again(
    prepared: Path, ledger: Path, job: train.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, resume = prepared.parent / "cross", prepared.parent / "resume"
    out.mkdir()
    run = validated(job, {"folds": 2})
    steps: list[int] = []
    take_step = Loop.step

    def counted(loop: Loop) -> None:
        steps.append(loop.progress.step)
        take_step(loop)

    monkeypatch.setattr(Loop, "step", counted)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train, "save_model", killed)
        with pytest.raises(KeyboardInterrupt):
            train.run(run, prepared, ledger, None, out, resume=resume, threads=1)
    assert len(steps) == 3 * 6
    train.run(run, prepared, ledger, None, out, resume=resume, threads=1)
    assert len(steps) == 3 * 6
    assert not list(resume.iterdir())


@pytest.mark.parametrize(
    ("validation", "message"), [({"share": 0.3}, "a share of 0.3 of 1 "), ({"folds": 2}, "2 folds")]
)
def test_near_duplicates_never_train_and_validate(
    validation: dict[str, float],
    message: str,
    job: train.Run,
    trained: Trained,
    prepared: Path,
    ledger: Path,
) -> None:
    names = pd.read_csv(ledger)["image_id"].unique()
    pairs = pd.DataFrame({"image_id": names[0], "other_id": names[1:]})  # all that was bought
    pairs.assign(kind="near", distance=1, same_mask="True").to_csv(
        prepared / "duplicates.csv", index=False
    )
    training = TrainingParams(**job.training.model_dump() | {"validation": validation})
    with pytest.raises(FrugalsegError, match=message):
        trained("out", job.with_training(training))
