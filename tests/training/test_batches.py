from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from augmentation import augment

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import buy_images, buy_regions, empty_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.training.batches import LabeledBatches


def batches(prepared: Path, rows: list[int], size: int = 4) -> LabeledBatches:
    stack = open_stack(prepared)
    names = [f"i{row:02}" for row in rows]
    ledger = buy_images(empty_ledger(), stack.index, names, round_=0, part="train")
    return LabeledBatches(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=np.array(rows, np.int64),
        size=size,
        augment=augment(hflip=0.5, rot90=True, brightness=0.1, contrast=0.1),
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
        key=(0, "arm", 1),
    )


def test_a_batch_depends_on_its_step_alone(prepared: Path) -> None:
    one, two = batches(prepared, [0, 1, 2, 3, 4]), batches(prepared, [0, 1, 2, 3, 4])
    _ = one[0], one[1]
    assert torch.equal(one[7].images, two[7].images)
    assert torch.equal(one[7].target, two[7].target)
    assert not torch.equal(one[7].images, one[8].images)


def test_a_batch_names_its_rows(prepared: Path) -> None:
    drawn = batches(prepared, [2, 5, 7, 11], size=3)
    assert drawn[4].rows == tuple(drawn._draw(4).tolist())


def test_an_epoch_shows_every_image_once(prepared: Path) -> None:
    drawn = batches(prepared, list(range(6)), size=4)
    rows = np.concatenate([drawn._draw(step) for step in range(3)])  # two epochs
    assert sorted(rows[:6]) == sorted(rows[6:]) == list(range(6))


def test_a_share_of_every_batch_lies_around_foreground(prepared: Path) -> None:
    rare = [0, *range(1, 24, 2)]  # one positive image among thirteen
    crops = replace(
        batches(prepared, rare, size=4),
        augment=augment(crop=(16, 16), foreground=0.5),
    )
    for step in range(12):
        assert crops._draw(step)[:2].tolist() == [0, 0]
        assert (crops[step].target[:2] == 1).flatten(1).any(dim=1).all()
    others = np.concatenate([crops._draw(step)[2:] for step in range(13)])
    assert sorted(others.tolist()) == sorted(2 * rare)


def test_without_positives_crops_are_drawn_anywhere(prepared: Path) -> None:
    empty = replace(batches(prepared, [1, 3, 5]), augment=augment(crop=(16, 16), foreground=0.5))
    assert empty[0].images.shape == (4, 3, 16, 16)


def test_images_and_targets_have_the_documented_form(prepared: Path) -> None:
    batch = batches(prepared, [0, 2, 4, 6])[0]
    assert batch.images.shape == (4, 3, 32, 32)
    assert batch.images.is_contiguous(memory_format=torch.channels_last)
    assert batch.target.dtype == torch.uint8
    bright = batch.images.mean(dim=1) > 0.55
    agreement = (bright == (batch.target == 1)).float().mean()
    assert agreement > 0.95  # the bright square is where the target says


def test_no_labels_is_a_clear_error(prepared: Path) -> None:
    with pytest.raises(FrugalsegError, match="holds no labeled training image"):
        batches(prepared, [])


def test_crops_of_images_bought_by_region_hold_what_was_bought(prepared: Path) -> None:
    stack = open_stack(prepared)
    bought = [("i01", (0, 26, 6, 6)), ("i03", (26, 0, 6, 6))]
    ledger = buy_regions(empty_ledger(), bought, round_=1, part="train")
    masks = RevealedMasks(stack.masks_path, stack.index, ledger)
    crops = replace(
        batches(prepared, [1, 3], size=2),
        masks=masks,
        augment=augment(crop=(16, 16), jitter=0.25),
    )
    known = [(crops[step].target != IGNORE).flatten(1).sum(dim=1) for step in range(20)]
    assert all((counts > 0).all() for counts in known)
    assert all((counts <= 36).all() for counts in known)
