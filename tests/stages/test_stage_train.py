import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from faults import wait_for
from safetensors.torch import load_file

from frugalseg.core.files import read_json, sha256
from frugalseg.inference.predictor import NEEDED
from frugalseg.models.file import read_card
from frugalseg.stages import train

Trained = Callable[..., Path]


def changed(job: train.Run, **fields: object) -> train.Run:
    return job.model_copy(update=fields)


def test_it_writes_a_model_its_history_and_its_record(trained: Trained, prepared: Path) -> None:
    out = trained("out")
    card = read_card(out / "model.safetensors")
    assert card["classes"] == ["square"]
    assert 0 < card["threshold"] < 1
    assert card["scale"] == [1, 1]
    assert card["levels"] == {"percentiles": [0.5, 99.5], "value_range": None}
    assert card["data"] == sha256(prepared / "card.json")
    assert card["labels"] == sha256(prepared.parent / "labels.csv")
    assert set(card) >= set(NEEDED)
    history = pd.read_csv(out / "history.csv")
    assert history["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert history["val_dice"].notna().tolist() == [False, True] * 3
    record = read_json(out / "run.json")
    assert record["steps"] == 6
    assert set(record["inputs"]) == {"stack", "ledger"}
    assert record["versions"]["torch"] == torch.__version__.split("+")[0]
    assert 100 < record["peak_memory_mib"] < 20_000
    assert not list((prepared.parent / "resume").iterdir())


@pytest.mark.parametrize("fixture", ["job", "frozen"])
def test_masks_that_were_not_bought_have_no_influence(
    fixture: str, request: pytest.FixtureRequest, trained: Trained, prepared: Path, ledger: Path
) -> None:
    job = request.getfixturevalue(fixture)
    before = (trained("clean", job) / "model.safetensors").read_bytes()
    bought = set(pd.read_csv(ledger)["image_id"])
    index = pd.read_csv(prepared / "index.csv")
    unbought = index.loc[~index["image_id"].isin(bought), "row"].to_numpy()
    assert len(unbought) > 10
    masks = np.load(prepared / "masks.npy")
    masks[unbought] = np.random.default_rng(0).integers(0, 256, masks[unbought].shape)
    np.save(prepared / "masks.npy", masks)
    assert (trained("poisoned", job) / "model.safetensors").read_bytes() == before


def test_masks_that_were_bought_have_influence(
    trained: Trained, prepared: Path, ledger: Path
) -> None:
    before = (trained("clean") / "model.safetensors").read_bytes()
    bought = pd.read_csv(ledger).query("part == 'train'")["image_id"]
    index = pd.read_csv(prepared / "index.csv").set_index("image_id")
    masks = np.load(prepared / "masks.npy")
    masks[index.loc[bought, "row"]] ^= 1
    np.save(prepared / "masks.npy", masks)
    assert (trained("other") / "model.safetensors").read_bytes() != before


def test_unlabeled_images_are_seen_and_their_masks_are_not(
    semi: train.Run, prepared: Path, ledger: Path
) -> None:
    folder = prepared.parent

    def run(name: str) -> bytes:
        (folder / name).mkdir()
        resume, split = folder / "resume", folder / "split.csv"
        train.run(
            semi, prepared, ledger, None, folder / name, resume=resume, threads=1, split=split
        )
        return (folder / name / "model.safetensors").read_bytes()

    before = run("clean")
    record = read_json(folder / "clean" / "run.json")
    assert set(record["inputs"]) == {"stack", "ledger", "split"}
    assert record["options"]["frozen_stages"] == 1
    assert "loss_consistency" in pd.read_csv(folder / "clean" / "history.csv")
    bought = set(pd.read_csv(ledger)["image_id"])
    index = pd.read_csv(prepared / "index.csv")
    parts = pd.read_csv(folder / "split.csv").set_index("image_id")["part"]
    free = ~index["image_id"].isin(bought)
    masks = np.load(prepared / "masks.npy")
    masks[free] = np.random.default_rng(0).integers(0, 256, masks[free].shape)
    np.save(prepared / "masks.npy", masks)
    assert run("poisoned") == before
    images = np.load(prepared / "images.npy")
    test = index["image_id"].map(parts).eq("test")
    images[test] = 0
    np.save(prepared / "images.npy", images)
    assert run("blind") == before  # test images have no influence
    images[free & ~test] //= 2
    np.save(prepared / "images.npy", images)
    assert run("dark") != before  # unlabeled images have


CHILD = """
import pickle, sys
from frugalseg.stages import train
job, prepared, ledger, out, resume = pickle.load(sys.stdin.buffer)
split = ledger.with_name("split.csv")
train.run(job, prepared, ledger, None, out, resume=resume, threads=1, split=split)
"""


@pytest.mark.parametrize("fixture", ["job", "semi"])
def test_a_run_that_is_killed_ends_with_the_same_model(
    fixture: str, request: pytest.FixtureRequest, prepared: Path, ledger: Path
) -> None:
    job: train.Run = request.getfixturevalue(fixture)
    job = changed(job, training=job.training.model_copy(update={"steps": 24}))
    folder, split = prepared.parent, prepared.parent / "split.csv"
    killed, whole = folder / "killed", folder / "whole"
    for out in (killed, whole):
        out.mkdir()
    resume = folder / "resume"
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        pickle.dump((job, prepared, ledger, killed, resume), child.stdin)
        child.stdin.flush()
        wait_for(lambda: list(resume.glob("*.pt")))
        child.kill()
    assert not (killed / "model.safetensors").exists()
    for out in (killed, whole):
        train.run(job, prepared, ledger, None, out, resume=resume, threads=1, split=split)
    model = "model.safetensors"
    assert (killed / model).read_bytes() == (whole / model).read_bytes()
    assert not list(resume.iterdir())


def test_another_configuration_never_resumes_from_a_checkpoint(job: train.Run) -> None:
    inputs = {"stack": "a", "ledger": "b"}
    slower = changed(job, training=job.training.model_copy(update={"lr": 1e-4}))
    keys = {
        train.resume_file(Path(), job, inputs),
        train.resume_file(Path(), slower, inputs),
        train.resume_file(Path(), changed(job, code="x"), inputs),
        train.resume_file(Path(), changed(job, seed=1), inputs),
        train.resume_file(Path(), job, inputs | {"ledger": "c"}),
    }
    assert len(keys) == 5


def test_a_warm_start_begins_from_the_start_model(
    trained: Trained, job: train.Run, prepared: Path, ledger: Path
) -> None:
    first = trained("first")
    out = prepared.parent / "continued"
    out.mkdir()
    short = {"steps": 1, "validate_every": 1, "lr": 1e-8}
    job = changed(job, arm="continued", training=job.training.model_copy(update=short))
    start = first / "model.safetensors"
    train.run(job, prepared, ledger, start, out, resume=prepared.parent / "resume", threads=1)
    one, two = (load_file(path / "model.safetensors") for path in (first, out))
    weights = [name for name in one if name.endswith((".weight", ".bias"))]
    assert len(weights) > 100
    assert max(float((one[name] - two[name]).abs().max()) for name in weights) < 1e-6
    assert "start" in read_json(out / "run.json")["inputs"]


def test_arms_share_first_weights_and_draws_unless_the_model_has_a_seed(job: train.Run) -> None:
    other_arm = changed(job, arm="other")
    assert other_arm.weights_key == job.weights_key
    assert other_arm.key == job.key
    again = changed(job, model=job.model.model_copy(update={"seed": 1}))
    keys = {run.weights_key for run in (job, again, changed(job, seed=job.seed + 1))}
    assert len(keys) == 3
