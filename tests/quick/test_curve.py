from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from frugalseg.models.frozen_head import Features, Head
from frugalseg.models.scaling import Scaling
from frugalseg.quick.curve import (
    Draw,
    Frozen,
    budgets,
    draw_labels,
    fit_all,
    sample_all,
    score_table,
    test_all,
)
from frugalseg.settings.strategy import FrozenParams

test_all.__test__ = False  # type: ignore[attr-defined]


def nothing(done: float, name: str) -> None:
    pass


class Gray(nn.Module):
    """An encoder whose only stage is the image at a quarter of its size."""

    def forward(self, images: Tensor) -> list[Tensor]:
        return [images, nn.functional.avg_pool2d(images[:, :1], 4)]


class Seen(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = Gray(), Features(1)


@pytest.fixture
def frozen() -> Frozen:
    """Return ten images whose defect is the bright half of 16 x 32 pixels."""
    images = np.full((10, 16, 32, 3), 40, np.uint8)
    masks = np.zeros((10, 16, 32), np.uint8)
    images[:, :, 16:], masks[:, :, 16:] = 200, 1
    model: Any = Seen()
    options = FrozenParams(penalty=1e-4)
    return Frozen(model, images, masks, Scaling("unit"), torch.device("cpu"), 200, options)


def index(images: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": range(images),
            "image_id": [f"i{n}" for n in range(images)],
            "split": "",
            "group": "",
            "sha256": [str(n) for n in range(images)],
            "image_label": ["1", "0"] * (images // 2),
            "has_mask": [True] * (images - 4) + [False] * 4,
            "foreground": [9, 0] * (images // 2),
            "pixels": 100,
        }
    )


def test_seeds_hold_out_their_own_images_and_label_in_an_order_without_tags() -> None:
    draws = draw_labels(index(24), range(5))
    for draw in draws:
        assert len(draw.test) == 6
        assert sorted([*draw.test, *draw.order]) == list(range(20))
    assert len({tuple(sorted(draw.test)) for draw in draws}) > 1
    assert any(len({row % 2 for row in draw.order[:2]}) == 1 for draw in draws)
    again = draw_labels(index(24), range(5))
    assert all((a.order == b.order).all() for a, b in zip(draws, again, strict=True))


def test_budgets_double_and_end_with_the_pool() -> None:
    assert budgets(5) == [1, 2, 4, 5]
    assert budgets(4) == [1, 2, 4]
    assert budgets(33) == [1, 2, 4, 8, 16, 33]


def test_a_curve_is_the_dice_of_every_seed_and_budget(frozen: Frozen) -> None:
    draws = [Draw(3, np.array([0, 1, 2]), np.array([8, 9])), Draw(5, np.array([4]), np.array([9]))]
    samples = sample_all(frozen, [0, 1, 2], nothing)
    assert samples[0].classes.tolist() == 4 * ([0] * 25 + [1] * 25)  # of four mirror images
    heads = fit_all(samples, draws[:1], [1, 3], frozen.options, nothing, threads=2)
    assert heads.keys() == {3}
    # heads that find nothing, and one that was fitted
    blind = Head(torch.zeros(1), torch.ones(1), torch.zeros(1, 1), torch.tensor([-1.0]))
    dices = test_all(frozen, draws, heads | {5: [blind, heads[3][0]]}, nothing)
    assert dices[3] == pytest.approx([1.0, 1.0], abs=0.1)
    assert dices[5].tolist() == [0.0, dices[3][0]]


def test_the_table_has_the_columns_of_a_study() -> None:
    table = score_table({7: np.array([0.25, 0.5])}, [1, 2], labeled=8, mask_seconds=60)
    assert table["round"].tolist() == [0, 1]
    assert table["seconds"].tolist() == [60, 120]
    assert table["fraction"].tolist() == [0.125, 0.25]
    assert table["value"].tolist() == [0.25, 0.5]
    assert set(table["seed"]) == {7}
