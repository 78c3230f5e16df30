from pathlib import Path

import numpy as np
import pytest
import torch
from augmentation import augment

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_masks, open_stack
from frugalseg.data.tags import RevealedTags, buy_tags, oracle
from frugalseg.models.scaling import Scaling
from frugalseg.training.batches import TaggedBatches, check_tags


def batches(
    prepared: Path, rows: list[int], crop: bool = False, strata: list[str] | None = None
) -> TaggedBatches:
    stack = open_stack(prepared)
    names = [f"i{row:02}" for row in rows]
    answer = oracle(stack.index, lambda: open_masks(stack.masks_path))
    ledger = buy_tags(
        empty_ledger(), stack.index, names, [(1, 1), (4, 4)], answer, round_=0, part="train"
    )
    return TaggedBatches(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=np.array(rows, np.int64),
        size=4,
        augment=augment(hflip=0.5, rot90=True, crop=(16, 16) if crop else None),
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
        key=(0, "arm", 0),
        tags=RevealedTags(stack.index, ledger, 1),
        strata=None if strata is None else np.array(strata, object),
    )


@pytest.mark.parametrize("crop", [False, True])
def test_boxes_go_where_their_pixels_go(prepared: Path, crop: bool) -> None:
    for step in range(5):
        batch = batches(prepared, [0, 2, 4, 6], crop)[step]
        assert batch.tags is not None
        bright = batch.images.mean(dim=1) > 0.55
        inside = torch.zeros_like(bright)
        for image, boxes in enumerate(batch.tags.values[..., 0]):
            for number in torch.nonzero(boxes).flatten():
                inside[image] |= batch.tags.regions[image] == number
        assert bright.any()
        assert (bright & ~inside).float().mean() < 0.01  # what is bright lies in tagged boxes


def test_a_batch_depends_on_its_step_alone(prepared: Path) -> None:
    one, two = (batches(prepared, [0, 1, 2, 3, 4], strata=[*"aabbc"]) for _ in range(2))
    _ = one[0]
    assert torch.equal(one[3].images, two[3].images)
    assert not torch.equal(one[3].images, one[4].images)


def test_strata_take_turns(prepared: Path) -> None:
    rows = [0, *range(1, 24, 2)]
    drawn = batches(prepared, rows, strata=["rare"] + ["common"] * 12)
    found = np.concatenate([drawn._draw(step) for step in range(6)])
    assert (found == 0).sum() == 12
    assert len(set(found)) > 6


def test_tags_of_one_kind_are_refused_unless_masks_help(prepared: Path) -> None:
    clean = batches(prepared, [1, 3])
    with pytest.raises(FrugalsegError, match="every class absent in all of them"):
        check_tags(clean.tags, clean.rows, masks=False)
    check_tags(clean.tags, clean.rows, masks=True)
    tiles = batches(prepared, [0, 2])
    check_tags(tiles.tags, tiles.rows, masks=False)  # tiles of positives hold both answers
