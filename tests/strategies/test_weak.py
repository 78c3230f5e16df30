import torch
from torch import nn

from frugalseg.settings.tags import WeakParams
from frugalseg.strategies.weak import Weak
from frugalseg.training.batches import Batch, TagTarget

IMAGES = torch.ones(1, 3, 4, 4)
TAGS = TagTarget(
    torch.zeros(1, 4, 4, dtype=torch.uint8), torch.ones(1, 1, 1), torch.tensor([[16.0]])
)
UNKNOWN = torch.full((1, 4, 4), 255, dtype=torch.uint8)


def strategy() -> Weak:
    losses = {"mean": (2.0, lambda logits, target: logits.mean())}
    return Weak(nn.Conv2d(3, 1, 1), losses, WeakParams(pooling="max", weight=0.5))


def test_tags_and_masks_are_added_and_each_only_where_bought() -> None:
    weak = strategy()
    logits = weak.model(IMAGES)
    tags = 0.5 * nn.functional.softplus(-logits.max())
    terms = weak.losses(Batch(IMAGES, UNKNOWN, tags=TAGS), 0)
    assert terms.keys() == {"tags"}
    torch.testing.assert_close(terms["tags"], tags)
    terms = weak.losses(Batch(IMAGES, torch.zeros_like(UNKNOWN), tags=TAGS), 0)
    torch.testing.assert_close(terms["mean"], 2 * logits.mean())
    torch.testing.assert_close(terms["tags"], tags)


def test_a_tag_of_presence_raises_the_highest_pixel() -> None:
    weak = strategy()
    before = float(weak.model(IMAGES).max())
    weak.losses(Batch(IMAGES, UNKNOWN, tags=TAGS), 0)["tags"].backward()
    with torch.no_grad():
        for parameter in weak.parameters():
            assert parameter.grad is not None
            parameter.sub_(0.1 * parameter.grad)
    assert float(weak.model(IMAGES).max()) > before


def test_a_batch_in_which_nothing_was_bought_moves_nothing() -> None:
    weak = strategy()
    weak.losses(Batch(IMAGES, UNKNOWN), 0)["tags"].backward()
    assert all(p.grad is not None and not p.grad.any() for p in weak.parameters())
    assert weak.inference_model() is weak.model
