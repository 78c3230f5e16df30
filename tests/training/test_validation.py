import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from frugalseg.data.ledger import buy_images, empty_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.training.validation import Validator


class Brightness(nn.Module):
    """Call bright pixels foreground, with probability 0.8 or 0.2."""

    def forward(self, images: Tensor) -> Tensor:
        bright = images.mean(dim=1, keepdim=True) > 0.55
        return torch.where(bright, 1.0, -1.0) * math.log(4)


def validator(prepared: Path, names: list[str]) -> Validator:
    stack = open_stack(prepared)
    ledger = buy_images(empty_ledger(), stack.index, names, round_=0, part="val")
    return Validator(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=stack.rows(ledger["image_id"]),
        classes=1,
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
    )


def test_a_model_that_knows_the_rule_scores_one(prepared: Path) -> None:
    found = validator(prepared, ["i00", "i01", "i02"])(Brightness())
    assert found.dice == pytest.approx(1.0)
    assert found.threshold == 0.5
    assert found.nll == pytest.approx(-math.log(0.8), rel=1e-4)
    assert found.score == found.dice


def test_without_positives_dice_is_undefined_and_likelihood_is_the_score(prepared: Path) -> None:
    found = validator(prepared, ["i01", "i03"])(Brightness())
    assert math.isnan(found.dice)
    assert found.score == -found.nll


def test_several_classes_are_averaged(prepared: Path) -> None:
    class Three(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            one = Brightness()(images)
            return torch.cat([-one, one, torch.full_like(one, -9.0)], dim=1)

    two_classes = validator(prepared, ["i00", "i02"])
    object.__setattr__(two_classes, "classes", 2)
    assert two_classes(Three()).dice == pytest.approx(1.0)  # class 2 occurs nowhere
    assert np.isfinite(two_classes(Three()).nll)


def test_the_threshold_of_several_classes_is_chosen_too(prepared: Path) -> None:
    class Timid(nn.Module):
        """Give class 1 a share of 1 / (1 + e) where it is bright, and never the largest one."""

        def forward(self, images: Tensor) -> Tensor:
            bright = Brightness()(images) > 0
            never = torch.full_like(images[:, :1], -9.0)
            return torch.cat([torch.where(bright, 1.0, 9.0), 0 * never, never], dim=1)

    two_classes = validator(prepared, ["i00", "i02"])
    object.__setattr__(two_classes, "classes", 2)
    found = two_classes(Timid())
    assert found.dice == pytest.approx(1.0)
    assert found.threshold == 0.26


def test_a_center_patch_alone_is_validated(prepared: Path) -> None:
    whole = validator(prepared, ["i00", "i02", "i04", "i06"])
    patch = replace(whole, patch=(16, 16))
    wrong = whole.images[np.arange(24)]
    rim = np.ones((32, 32), bool)
    rim[8:24, 8:24] = False
    wrong[:, rim] = 255 - wrong[:, rim]
    assert replace(patch, images=wrong)(Brightness()).dice == pytest.approx(1.0)
    assert replace(whole, images=wrong)(Brightness()).dice < 0.9


def test_a_window_sees_its_own_size(prepared: Path) -> None:
    sizes = set()

    class Seen(Brightness):
        def forward(self, images: Tensor) -> Tensor:
            sizes.add(tuple(images.shape[-2:]))
            return super().forward(images)

    windows = {"size": (16, 8), "overlap": 0.5}
    found = replace(validator(prepared, ["i00", "i01"]), window=windows)(Seen())
    assert found.dice == pytest.approx(1.0)
    assert sizes == {(16, 8)}
