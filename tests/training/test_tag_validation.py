import math

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from frugalseg.data.ledger import empty_ledger
from frugalseg.data.tags import RevealedTags, buy_tags
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import WeakParams
from frugalseg.training.validation import TagValidator, pixels_with_class

INDEX = pd.DataFrame({"row": [0, 1], "image_id": ["a", "b"], "stack_height": 4, "stack_width": 4})


class Red(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        return images[:, :1] * 4 - 2  # logit 2 where red is full, -2 where there is none


def validator(threshold: float | str = "otsu") -> TagValidator:
    ledger = buy_tags(
        empty_ledger(), INDEX, ["a", "b"], [(1, 1)], lambda row, box: (1,) if row == 0 else (),
        round_=0, part="val",
    )  # fmt: skip
    images = np.zeros((2, 4, 4, 3), np.uint8)
    images[0, 0, 0] = 255
    return TagValidator(
        images=images,
        tags=RevealedTags(INDEX, ledger, 1),
        rows=np.array([0, 1]),
        options=WeakParams(pooling="max", threshold=threshold),  # type: ignore[arg-type]
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
    )


def test_likelihood_of_the_tags_and_otsu_inside_positive_boxes() -> None:
    found = validator()(Red())
    assert math.isnan(found.dice)
    assert abs(found.nll - math.log1p(math.exp(-2.0))) < 1e-5  # both images are equally sure
    assert 0.12 < found.threshold <= 0.88
    assert found.score == -found.nll
    assert validator(0.7)(Red()).threshold == 0.7


def test_pixels_of_a_box_that_holds_the_class() -> None:
    regions = np.array([[[0, 1, 255]]], np.uint8)
    assert pixels_with_class(regions, np.array([[0.0, 1.0]], np.float32)).tolist() == [
        [[False, True, False]]
    ]
