from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from frugalseg.data.ledger import labeled_rows, read_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_stack
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.training import TrainingParams
from frugalseg.training.training_data import TrainingData, window
from frugalseg.training.validation import Validator

PLAIN: dict[str, Any] = {
    "loss": ["dice"], "lr": 0.1, "steps": 2, "batch": 3, "validate_every": 1, "normalize": "unit",
    "validation": "split",
}  # fmt: skip


def training(**fields: object) -> TrainingParams:
    return TrainingParams.model_validate(PLAIN | fields)


@pytest.fixture
def data(prepared: Path, ledger: Path) -> TrainingData:
    stack, bought = open_stack(prepared), read_ledger(ledger)
    masks = RevealedMasks(stack.masks_path, stack.index, bought)
    card = {"classes": ["square"], "fit": "stretch"}
    device = torch.device("cpu")
    return TrainingData(training(), stack, bought, masks, card, (0, "a", 0), device)


def test_batches_hold_bought_training_images_and_their_masks(data: TrainingData) -> None:
    batch = data.batches(0, UnlabeledParams(), None)(0)
    rows = labeled_rows(data.stack.index, data.ledger, "train")
    images, masks = data.stack.images[rows], data.masks[rows]
    for image, target in zip(batch.images, batch.target, strict=True):
        pixels = (image.permute(1, 2, 0) * 255).round().numpy().astype(np.uint8)
        [place] = np.flatnonzero((images == pixels).all(axis=(1, 2, 3)))
        assert np.array_equal(target.numpy(), masks[place])
    assert batch.unlabeled is None


def test_a_strategy_with_strong_views_gets_unlabeled_images_too(
    data: TrainingData, prepared: Path
) -> None:
    split = prepared.parent / "split.csv"
    params = UnlabeledParams(batch=2)
    batch = data.batches(1, params, split)(3)
    assert batch.unlabeled is not None
    assert len(batch.images) == 3
    assert torch.equal(batch.images, data.labeled()[3].images)
    assert torch.equal(batch.unlabeled.weak, data.unlabeled(1, params, split)[3].weak)
    assert len(batch.unlabeled.weak) == 2


def test_validation_is_on_bought_validation_masks(data: TrainingData) -> None:
    rows = labeled_rows(data.stack.index, data.ledger, "val")
    validator = data.validator()
    assert isinstance(validator, Validator)
    assert np.array_equal(validator.rows, rows)
    assert len(rows)


def test_the_window_is_plain() -> None:
    assert window(training()) is None
    assert window(training(window={"size": [32, 64], "overlap": 0.25})) == {
        "size": [32, 64],
        "overlap": 0.25,
    }
