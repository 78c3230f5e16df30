import math

import pytest
import torch

from frugalseg.settings.tags import WeakParams
from frugalseg.training.tag_loss import log_odds, pool

SCORES = torch.tensor([[[[1.0, 2.0, 5.0], [3.0, 4.0, -1.0]]]])
REGIONS = torch.tensor([[[0, 0, 1], [0, 0, 255]]], dtype=torch.uint8)


def params(how: str, **changes: float) -> WeakParams:
    options = {"pooling": how, "share": 0.5, "sharpness": 2.0} | changes
    return WeakParams.model_validate(options)


def pooled(how: str, **changes: float) -> tuple[list[float], list[float]]:
    values, seen = pool(SCORES, REGIONS, 3, params(how, **changes))
    return values[0, :, 0].tolist(), seen[0].tolist()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("max", 4.0),
        ("topk", 3.5),  # half of four pixels: 4 and 3
        ("lse", math.log(sum(math.exp(2 * s) for s in (1, 2, 3, 4)) / 4) / 2),
    ],
)
def test_against_values_by_hand(how: str, expected: float) -> None:
    values, seen = pooled(how)
    assert values == pytest.approx([expected, 5.0, 0.0])  # a box of one pixel; a box unseen
    assert seen == [4.0, 1.0, 0.0]


def test_top_k_goes_from_the_maximum_to_the_mean() -> None:
    assert pooled("topk", share=1e-6)[0][0] == 4.0
    assert pooled("topk", share=0.3)[0][0] == 3.5  # 1.2 pixels are rounded up to two
    assert pooled("topk", share=1.0)[0][0] == 2.5


def test_images_and_classes_are_pooled_apart() -> None:
    scores = torch.stack([torch.full((2, 2, 2), value) for value in (1.0, 2.0)])
    scores[:, 1] *= 10
    regions = torch.zeros(2, 2, 2, dtype=torch.uint8)
    values, _ = pool(scores, regions, 1, params("max", share=1.0, sharpness=1.0))
    assert values.tolist() == [[[1.0, 10.0]], [[2.0, 20.0]]]


@pytest.mark.parametrize("how", ["max", "topk", "lse"])
def test_gradients_are_finite_where_boxes_are_padded_or_unseen(how: str) -> None:
    scores = SCORES.clone().requires_grad_()
    values, _ = pool(scores, REGIONS, 3, params(how, share=0.5, sharpness=2.0))
    values.sum().backward()
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()
    assert float(scores.grad[0, 0, 1, 2]) == 0  # no tag speaks of this pixel
    assert float(scores.grad.sum()) == pytest.approx(2.0)


def test_images_without_any_tag_pool_to_nothing() -> None:
    values, seen = pool(SCORES, REGIONS, 0, params("topk", share=0.5, sharpness=1.0))
    assert values.shape == (1, 0, 1)
    assert seen.shape == (1, 0)


def test_log_odds_are_those_of_the_probabilities() -> None:
    logits = torch.randn(2, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    probs = logits.softmax(dim=1)[:, 1:]
    torch.testing.assert_close(log_odds(logits), probs.logit())
    assert torch.equal(log_odds(logits[:, :1]), logits[:, :1])
