from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from trainings import training

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_csv
from frugalseg.data.ledger import read_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_stack
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.training.training_data import TrainingData
from frugalseg.training.unlabeled import UnlabeledBatches


def build(
    prepared: Path, ledger: Path, split: Path | None, fit: str = "stretch"
) -> UnlabeledBatches:
    stack, bought = open_stack(prepared), read_ledger(ledger)
    masks = RevealedMasks(stack.masks_path, stack.index, bought)
    options = training(batch=4, steps=1, validate_every=1)
    card: dict[str, Any] = {"classes": ["square"], "fit": fit}
    data = TrainingData(options, stack, bought, masks, card, (0,), torch.device("cpu"))
    return data.unlabeled(1, UnlabeledParams(cutmix=0.5), split)


def test_content_is_the_image_without_its_padding(prepared: Path, ledger: Path) -> None:
    index = pd.read_csv(prepared / "index.csv", keep_default_na=False)
    index.loc[[0, 1], ["height", "width"]] = [[64, 32], [100, 50]]
    write_csv(prepared / "index.csv", index.iloc[::-1])  # rows are not in order
    split = prepared.parent / "split.csv"
    assert build(prepared, ledger, split).content.tolist() == [[32, 32]] * 24
    content = build(prepared, ledger, split, "pad").content
    assert content[:3].tolist() == [[32, 16], [32, 16], [32, 32]]


def test_the_pool_is_what_was_not_bought_of_the_training_images(
    prepared: Path, ledger: Path
) -> None:
    parts = pd.read_csv(prepared.parent / "split.csv").set_index("image_id")["part"]
    bought = set(read_ledger(ledger)["image_id"])
    built = build(prepared, ledger, prepared.parent / "split.csv")
    names = [f"i{row:02}" for row in built.rows]
    assert set(names) == set(parts[parts == "train"].index) - bought
    assert built.size == 4
    assert built[0].weak.shape == (4, 3, 32, 32)


def test_a_missing_section_unlabeled_is_named(prepared: Path, ledger: Path) -> None:
    with pytest.raises(FrugalsegError, match="Add .unlabeled: {}. to the arm"):
        build(prepared, ledger, None)
