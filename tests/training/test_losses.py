import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.registry import lookup
from frugalseg.training import LOSSES

IGNORE = 255


def term(name: str, classes: int, gamma: float | None = None):  # type: ignore[no-untyped-def]
    return lookup(LOSSES, name, "loss")(classes, gamma=gamma)


def example(classes: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    channels = 1 if classes == 1 else classes + 1
    logits = torch.randn(2, channels, 4, 4, generator=generator)
    target = torch.randint(0, classes + 1, (2, 4, 4), generator=generator).to(torch.uint8)
    return logits, target


def test_values_by_hand() -> None:
    logits = torch.tensor([0.0, math.log(3)]).view(1, 1, 1, 2)  # probabilities 0.5, 0.75
    target = torch.tensor([[[0, 1]]], dtype=torch.uint8)
    entropy = (math.log(2) + math.log(4 / 3)) / 2
    assert float(term("bce", 1)(logits, target)) == pytest.approx(entropy, abs=1e-6)
    dice = 1 - 2 * 0.75 / (0.5 + 0.75 + 1)
    assert float(term("dice", 1)(logits, target)) == pytest.approx(dice, abs=1e-6)
    focal = (0.5**2 * math.log(2) + 0.25**2 * math.log(4 / 3)) / 2
    assert float(term("focal", 1)(logits, target)) == pytest.approx(focal, abs=1e-6)
    three = torch.tensor([0.0, 0.0, math.log(2)]).view(1, 3, 1, 1)  # 1/4, 1/4, 1/2
    single = torch.tensor([[[2]]], dtype=torch.uint8)
    assert float(term("ce", 2)(three, single)) == pytest.approx(math.log(2), abs=1e-6)


CASES = [("dice", 1), ("focal", 1), ("bce", 1), ("dice", 2), ("focal", 2), ("ce", 2)]


@pytest.mark.parametrize(("name", "classes"), CASES)
@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999))
def test_ignored_pixels_have_no_part(name: str, classes: int, seed: int) -> None:
    logits, target = example(classes, seed)
    target[:, :2] = IGNORE
    poisoned = logits.clone()
    poisoned[:, :, :2] += 7
    loss = term(name, classes)
    assert torch.allclose(loss(logits, target), loss(poisoned, target), atol=1e-6)


@pytest.mark.parametrize(("name", "classes"), [case for case in CASES if case[0] != "dice"])
def test_the_mean_is_over_labeled_pixels(name: str, classes: int) -> None:
    logits, target = example(classes)
    half = target.clone()
    half[1] = IGNORE
    loss = term(name, classes)
    assert torch.allclose(loss(logits, half), loss(logits[:1], target[:1]), atol=1e-6)


@pytest.mark.parametrize(("name", "classes"), CASES)
def test_a_batch_without_labels_costs_nothing_and_has_a_gradient(name: str, classes: int) -> None:
    logits, target = example(classes)
    logits.requires_grad_()
    loss = term(name, classes)(logits, torch.full_like(target, IGNORE))
    loss.backward()
    assert float(loss.detach()) == 0
    assert torch.isfinite(logits.grad).all()  # type: ignore[arg-type]


def test_gamma_weakens_easy_pixels() -> None:
    logits, target = example(1)
    assert term("focal", 1, gamma=3.0)(logits, target) < term("focal", 1, gamma=1.0)(logits, target)
