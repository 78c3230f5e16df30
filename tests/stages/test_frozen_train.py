"""Strategy `frozen` through the stages: its model file, and labels by region."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file

from frugalseg.core.files import read_json, write_csv
from frugalseg.data.ledger import buy_regions, read_ledger
from frugalseg.models.build import build_model
from frugalseg.models.file import load_model
from frugalseg.models.predict import predict
from frugalseg.models.scaling import Scaling
from frugalseg.stages import train

Trained = Callable[..., Path]


def test_the_model_file_is_an_encoder_as_it_was_and_a_head_that_finds_squares(
    trained: Trained, frozen: train.Run, prepared: Path
) -> None:
    out = trained("frozen", frozen)
    model, card = load_model(out / "model.safetensors")
    assert card["model"]["arch"] == "frozen_head"
    bundled = build_model(**train.network(frozen.model), classes=1, channels=3, seed=1)
    weights, pretrained = load_file(out / "model.safetensors"), bundled.state_dict()
    encoder = [name for name in pretrained if name.startswith("encoder.")]
    assert len(encoder) > 100
    assert all(torch.equal(weights[name], pretrained[name]) for name in encoder)
    record, history = read_json(out / "run.json"), pd.read_csv(out / "history.csv")
    assert record["threshold"] == card["threshold"] != 0.5  # from folds
    assert record["validation_dice"] > 0.5
    assert history["loss"].iloc[-1] < 0.5 * history["loss"].iloc[0]
    images, masks = (np.load(prepared / f"{name}.npy") for name in ("images", "masks"))
    rows = np.arange(18, 24)
    cpu, scaling = torch.device("cpu"), Scaling(card["normalize"])
    probs = torch.cat(
        [batch for _, batch in predict(model, images, rows, scaling=scaling, device=cpu)]
    )
    found, squares = probs[:, 1].numpy() >= card["threshold"], masks[rows] > 0
    assert 2 * (found & squares).sum() / (found.sum() + squares.sum()) > 0.6


def test_of_a_region_only_its_pixels_have_influence(
    trained: Trained, frozen: train.Run, prepared: Path, ledger: Path
) -> None:
    bought = read_ledger(ledger)
    free = next(f"i{n:02}" for n in range(18) if f"i{n:02}" not in set(bought["image_id"]))
    write_csv(ledger, buy_regions(bought, [(free, (0, 0, 16, 16))], round_=0, part="train"))
    masks = np.load(prepared / "masks.npy")
    before = (trained("clean", frozen) / "model.safetensors").read_bytes()
    inside = np.zeros(masks.shape, bool)
    inside[int(free[1:]), :16, :16] = True
    outside = ~inside & (np.arange(24) == int(free[1:]))[:, None, None]
    np.save(prepared / "masks.npy", np.where(outside, 1 - masks, masks))
    assert (trained("outside", frozen) / "model.safetensors").read_bytes() == before
    np.save(prepared / "masks.npy", np.where(inside, 1 - masks, masks))
    assert (trained("inside", frozen) / "model.safetensors").read_bytes() != before
