import math

import pytest
import torch

from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import TagTarget
from frugalseg.training.tag_loss import tag_losses


def target(areas: list[float]) -> TagTarget:
    """Left half holds the class, right half does not; 2 x 2 pixels."""
    regions = torch.tensor([[[0, 1], [0, 1]]], dtype=torch.uint8)
    return TagTarget(regions, torch.tensor([[[1.0], [0.0]]]), torch.tensor([areas]))


SCORES = torch.tensor([[[[2.0, -1.0], [0.0, -3.0]]]])
PRESENT, ABSENT = math.log1p(math.exp(-2.0)), math.log1p(math.exp(-1.0))


def test_both_answers_count_when_the_box_is_seen_whole() -> None:
    loss, number = tag_losses(SCORES, target([2.0, 2.0]), WeakParams(pooling="max"))
    assert float(loss) == pytest.approx(PRESENT + ABSENT)
    assert int(number) == 2


def test_presence_says_nothing_of_a_part_and_absence_does() -> None:
    loss, number = tag_losses(SCORES, target([4.0, 4.0]), WeakParams(pooling="max"))
    assert float(loss) == pytest.approx(ABSENT)
    assert int(number) == 1


def test_boxes_out_of_sight_say_nothing() -> None:
    hidden = TagTarget(
        torch.full((1, 2, 2), 255, dtype=torch.uint8), torch.ones(1, 1, 1), torch.ones(1, 1)
    )
    loss, number = tag_losses(SCORES, hidden, WeakParams())
    assert (float(loss), int(number)) == (0.0, 0)
