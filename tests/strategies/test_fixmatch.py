from typing import Any

import pytest
import torch
import torch.nn.functional as F
from semi_cases import LOSSES, batch, network

from frugalseg.strategies.fixmatch import FixMatch

OPTIONS: dict[str, Any] = {
    "threshold": 0.0,
    "weight": 2.0,
    "unimatch": False,
    "feature_dropout": 0.5,
}


def fixmatch(classes: int = 1, **changes: Any) -> FixMatch:
    losses = LOSSES if classes == 1 else {}
    return FixMatch(network(classes, norm="none"), losses, **(OPTIONS | changes))


@pytest.mark.parametrize(("classes", "threshold"), [(1, 0.6), (3, 0.4)])
def test_the_loss_by_hand_with_cutmix_and_a_threshold(classes: int, threshold: float) -> None:
    strategy = fixmatch(classes, threshold=threshold)
    given = batch(cutmix=True)
    views = given.unlabeled
    assert views is not None
    with torch.no_grad():
        weak, strong = strategy.model(views.weak), strategy.model(views.strong[0])
    weak[0, :, :8] = weak[1, :, :8]
    if classes == 1:
        probability = weak.sigmoid()[:, 0]
        pseudo = (probability > 0.5).float()
        confidence = torch.maximum(probability, 1 - probability)
        loss = F.binary_cross_entropy_with_logits(strong[:, 0], pseudo, reduction="none")
    else:
        confidence, target = weak.softmax(1).max(1)
        loss = F.cross_entropy(strong, target, reduction="none")
    counted = confidence >= threshold
    assert 0 < counted.float().mean() < 1
    expected = 2.0 * (loss * counted).mean()  # over all pixels, not over the confident ones
    assert torch.allclose(strategy.losses(given, 0)["strong"], expected, atol=1e-6)


def test_nothing_confident_costs_nothing_and_has_a_gradient() -> None:
    strategy = fixmatch(threshold=0.999999)
    terms = strategy.losses(batch(), 0)
    torch.stack(list(terms.values())).sum().backward()
    assert float(terms["strong"].detach()) == 0
    assert all(torch.isfinite(p.grad).all() for p in strategy.parameters() if p.grad is not None)


def test_the_weak_view_gives_no_gradient_and_moves_no_statistics() -> None:
    strategy = FixMatch(network(), {}, **OPTIONS).train()
    before = {name: tensor.clone() for name, tensor in strategy.model.state_dict().items()}
    assert not strategy._predict_weak(batch().images).requires_grad
    assert strategy.model.training
    after = strategy.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_unimatch_has_two_strong_views_and_predict_perturbed_features() -> None:
    strategy = fixmatch(unimatch=True)
    assert (strategy.strong_views, fixmatch().strong_views) == (2, 1)
    given = batch(views=2)
    terms = strategy.losses(given, 0)
    assert set(terms) == {"bce", "strong", "features"}
    one = fixmatch().losses(given, 0)["strong"]
    views = given.unlabeled
    assert views is not None
    swapped = type(views)(views.weak, views.strong[::-1], views.boxes, views.valid)
    other = fixmatch().losses(type(given)(given.images, given.target, swapped), 0)["strong"]
    # both strong views share half of the weight, the features have the other half
    assert torch.allclose(terms["strong"], (one + other) / 4, atol=1e-6)


def test_features_without_dropout_are_the_weak_view_itself() -> None:
    strategy = fixmatch(unimatch=True, feature_dropout=0.0)
    images = batch().images
    assert torch.allclose(strategy._predict_perturbed(images), strategy.model(images), atol=1e-6)
    assert not torch.allclose(
        fixmatch(unimatch=True)._predict_perturbed(images), strategy.model(images), atol=1e-3
    )
    assert strategy.inference_model() is strategy.model


def test_with_an_adaptive_threshold_pixels_count_by_class() -> None:
    strategy = fixmatch(threshold="adaptive", threshold_momentum=0.0)
    given = batch()
    assert given.unlabeled is not None
    with torch.no_grad():
        foreground = strategy.model(given.unlabeled.weak).sigmoid()[:, 0]
        strong = strategy.model(given.unlabeled.strong[0])[:, 0]
    pseudo = foreground > 0.5
    confidence = torch.maximum(foreground, 1 - foreground)
    mean = foreground.mean()
    classes = torch.stack([1 - mean, mean])
    counted = confidence >= confidence.mean() * (classes / classes.max())[pseudo.long()]
    assert 0 < counted.float().mean() < 1
    loss = F.binary_cross_entropy_with_logits(strong, pseudo.float(), reduction="none")
    expected = 2.0 * (loss * counted).mean()
    assert torch.allclose(strategy.losses(given, 0)["strong"], expected, atol=1e-6)
