from pathlib import Path

import numpy as np
import pytest
import torch

from frugalseg.data.ledger import buy_images, empty_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_stack
from frugalseg.inference import evaluation
from frugalseg.inference.evaluation import validation_temperature

ROWS = np.arange(4)


def masks(prepared: Path, names: list[str]) -> RevealedMasks:
    stack = open_stack(prepared)
    ledger = buy_images(empty_ledger(), stack.index, names, round_=0, part="val")
    return RevealedMasks(stack.masks_path, stack.index, ledger)


def overconfident(prepared: Path) -> torch.Tensor:
    """Exactly nine in ten pixels of each image right, at a logit of 6 instead of ln 9."""
    truth = np.load(prepared / "masks.npy")[ROWS] > 0
    right = np.arange(truth[0].size).reshape(truth[0].shape) % 10 > 0
    right = np.broadcast_to(right, truth.shape)
    logits = torch.from_numpy(np.where(truth == right, 6.0, -6.0)).float()
    return torch.stack([(-logits).sigmoid(), logits.sigmoid()], dim=1)


@pytest.mark.parametrize("limit", [2**18, 1000])
def test_overconfidence_is_found_in_all_or_some_pixels(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(evaluation, "PIXELS", limit)
    probs = overconfident(prepared)
    bought = masks(prepared, [f"i{number:02}" for number in ROWS])
    batches = iter([(ROWS[:3], probs[:3]), (ROWS[3:], probs[3:])])
    found = validation_temperature(batches, bought, 4 * 1024, np.random.default_rng(0))
    assert found == pytest.approx(6 / np.log(9), rel=0.01 if limit > 1000 else 0.2)


def test_only_what_the_ledger_holds_is_seen(prepared: Path) -> None:
    probs = overconfident(prepared)
    probs[1:] = 0.5  # would pull the temperature up if it were looked at
    found = validation_temperature(
        iter([(ROWS, probs)]), masks(prepared, ["i00"]), 4 * 1024, np.random.default_rng(0)
    )
    assert found == pytest.approx(6 / np.log(9), rel=0.01)
    assert (
        validation_temperature(
            iter([(ROWS, probs)]), masks(prepared, []), 4 * 1024, np.random.default_rng(0)
        )
        == 1
    )
    assert validation_temperature(iter([]), masks(prepared, []), 0, np.random.default_rng(0)) == 1
