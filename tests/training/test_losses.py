import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.training import LOSSES

IGNORE = 255


def term(name: str, classes: int, **options: object):  # type: ignore[no-untyped-def]
    return lookup(LOSSES, name, "loss")(classes, **options)


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


WEIGHTED = ["ce", "dice", "focal"]
# two pixels of classes 0 and 2, with probabilities 1/2, 1/4, 1/4 and 1/8, 1/8, 3/4
PROBS = torch.tensor([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
TWO = PROBS.log().T.reshape(1, 3, 1, 2), torch.tensor([[[0, 2]]], dtype=torch.uint8)


def test_weighted_cross_entropy_is_a_weighted_mean_over_pixels() -> None:
    value = float(term("ce", 2, class_weights=(1.0, 7.0, 3.0))(*TWO))
    assert value == pytest.approx((math.log(2) + 3 * math.log(4 / 3)) / 4, abs=1e-6)


def test_weighted_dice_is_a_weighted_mean_over_classes() -> None:
    losses = [1 - 2 * 0.5 / (0.625 + 1), 0, 1 - 2 * 0.75 / (1 + 1)]  # class 1 is not there
    value = float(term("dice", 2, class_weights=(1.0, 2.0, 5.0))(*TWO))
    assert value == pytest.approx((losses[0] + 5 * losses[2]) / 8, abs=1e-6)


def test_weighted_focal_is_a_weighted_mean_over_classes() -> None:
    def focal(logit: float, positive: bool) -> float:
        p = 1 / (1 + math.exp(-logit if positive else logit))
        return -((1 - p) ** 2) * math.log(p)

    logits = PROBS.log().tolist()
    each = [(focal(logits[0][k], k == 0) + focal(logits[1][k], k == 2)) / 2 for k in range(3)]
    value = float(term("focal", 2, class_weights=(1.0, 2.0, 5.0))(*TWO))
    assert value == pytest.approx((each[0] + 2 * each[1] + 5 * each[2]) / 8, abs=1e-6)


@pytest.mark.parametrize("name", WEIGHTED)
@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(0.01, 100))
def test_equal_weights_are_none(name: str, seed: int, weight: float) -> None:
    logits, target = example(3, seed)
    target[:, :1] = IGNORE
    weighted = term(name, 3, class_weights=(weight,) * 4)
    assert torch.allclose(weighted(logits, target), term(name, 3)(logits, target), rtol=1e-4)


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_of_a_batch_without_labels_cost_nothing(name: str) -> None:
    logits, target = example(2)
    logits.requires_grad_()
    nothing = torch.full_like(target, IGNORE)
    value = term(name, 2, class_weights=(1.0, 2.0, 3.0))(logits, nothing)
    value.backward()
    assert float(value.detach()) == 0
    assert torch.isfinite(logits.grad).all()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WEIGHTED)
def test_a_weight_for_each_class_and_no_more(name: str) -> None:
    with pytest.raises(FrugalsegError, match="expected 4 weights, of the background and 3"):
        term(name, 3, class_weights=(1.0, 2.0, 3.0))


@pytest.mark.parametrize("name", ["bce", "dice", "focal"])
def test_one_class_has_nothing_to_weigh(name: str) -> None:
    with pytest.raises(FrugalsegError, match="weigh several classes; found a data set with one"):
        term(name, 1, class_weights=(1.0, 2.0))
