from pathlib import Path

import pandas as pd
import pytest
import torch
from augmentation import augment

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import read_ledger
from frugalseg.data.stack import open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.training.unlabeled import UnlabeledBatches, build_unlabeled_batches, content_sizes


def test_content_is_the_image_without_its_padding() -> None:
    index = pd.DataFrame(
        {
            "row": [1, 0],
            "height": [100, 32],
            "width": [50, 64],
            "stack_height": 64,
            "stack_width": 64,
        }
    )
    assert content_sizes(index, "stretch").tolist() == [[64, 64], [64, 64]]
    assert content_sizes(index, "pad").tolist() == [[32, 64], [64, 32]]


def build(prepared: Path, ledger: Path, split: Path | None) -> UnlabeledBatches:
    return build_unlabeled_batches(
        UnlabeledParams(cutmix=0.5),
        open_stack(prepared),
        read_ledger(ledger),
        split,
        {"fit": "stretch"},
        batch=4,
        views=1,
        augment=augment(),
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
        key=(0,),
    )


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
    with pytest.raises(FrugalsegError, match="Add 'unlabeled: {}' to the arm"):
        build(prepared, ledger, None)
