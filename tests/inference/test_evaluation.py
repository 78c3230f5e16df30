import math
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from frugalseg.inference.evaluation import choose_samples, evaluate
from frugalseg.models.scaling import Scaling


def test_samples_go_from_small_to_large_and_keep_room_for_negatives() -> None:
    names = [f"i{number}" for number in range(10)]
    areas = np.array([0, 50, 0, 10, 90, 30, 0, 70, 0, 20])
    chosen = choose_samples(names, areas, 6)
    assert chosen == ["i3", "i5", "i1", "i4", "i0", "i2"]


def test_few_images_are_all_taken() -> None:
    assert choose_samples(["a", "b"], np.array([5, 0]), 6) == ["a", "b"]
    assert choose_samples(["a", "b"], np.array([0, 0]), 6) == ["a", "b"]
    assert choose_samples(["a", "b", "c"], np.array([3, 1, 2]), 3) == ["b", "c", "a"]


class Bright(nn.Module):
    """Call bright pixels foreground, with probability 0.75 or 0.25; count what is looked at."""

    sizes: ClassVar[set[tuple[int, ...]]] = set()

    def forward(self, images: Tensor) -> Tensor:
        self.sizes.add(tuple(images.shape[-2:]))
        return torch.where(images[:, :1] > 0.5, 1.0, -1.0) * math.log(3)


def test_the_center_patch_is_predicted_and_counted_by_itself() -> None:
    images = np.zeros((2, 64, 64, 3), np.uint8)
    images[:, :, :32] = 255
    masks = np.zeros((2, 64, 64), np.uint8)
    masks[:, 16:48, 16:48] = 1
    found = evaluate(
        Bright(),
        images,
        masks,
        np.array([0, 1]),
        image_ids=["a", "b"],
        classes=["defect"],
        threshold=0.2,
        samples=set(),
        patch=(32, 32),
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
    ).counts.set_index(["threshold", "image_id"])[["tp", "fp", "fn", "tn"]]
    counts = {key: list(row) for key, row in zip(found.index, found.to_numpy(), strict=True)}
    assert counts["half", "b"] == [512, 1536, 512, 1536]
    assert counts["patch_half", "b"] == [512, 0, 512, 0]
    assert counts["patch", "a"] == [1024, 0, 0, 0]  # all is at least 0.2
    assert Bright.sizes == {(64, 64), (32, 32)}
