from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.models.build import build_model
from frugalseg.models.frozen_head import FrozenHead
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import FrozenParams
from frugalseg.settings.training import AugmentParams
from frugalseg.strategies.frozen import (
    Frozen,
    Sample,
    draw_pixels,
    fit_head,
    head_loss,
    sample_features,
)
from frugalseg.training.batches import LabeledBatches


def untrained() -> FrozenHead:
    settings = {"arch": "frozen_head", "encoder": "resnet18", "weights": "none"}
    model = build_model(**settings, classes=1, channels=3, seed=0)  # type: ignore[arg-type]
    assert isinstance(model, FrozenHead)
    return model.eval()


@pytest.fixture(scope="module")
def model() -> FrozenHead:
    return untrained()


def test_every_class_gives_as_many_pixels_each_standing_for_its_share() -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[:2, :5], mask[5:10] = 3, IGNORE
    pixels = draw_pixels(mask, 40, np.random.default_rng(0))
    assert np.bincount(pixels.classes).tolist() == [20, 0, 0, 10]
    assert (pixels.classes == mask[tuple(pixels.places.T)]).all()
    assert set(pixels.weights[pixels.classes == 3]) == {1.0}
    assert set(pixels.weights[pixels.classes == 0]) == {14.5}  # 290 of them
    assert len(np.unique(pixels.places, axis=0)) == 30


def test_an_image_of_which_nothing_was_bought_gives_no_pixel() -> None:
    nothing = draw_pixels(np.full((4, 4), IGNORE, np.uint8), 40, np.random.default_rng(0))
    assert len(nothing.places) == len(nothing.weights) == 0


def test_logits_of_drawn_features_are_those_of_the_network(model: FrozenHead) -> None:
    rng = np.random.default_rng(1)
    images = torch.from_numpy(rng.normal(size=(1, 3, 64, 96))).float()
    pixels = draw_pixels(rng.integers(0, 2, (64, 96), np.uint8), 300, rng)
    sample = sample_features(model, images, pixels)
    head, _ = fit_head(sample, 1, FrozenParams(iterations=5))
    expected = (sample.features - head.mean) / head.std @ head.weight[0] + head.bias
    model.set_head(head)
    found = model(images)[0, 0, pixels.places[:, 0], pixels.places[:, 1]]
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_the_loss_is_cross_entropy_and_dice_of_the_classes_that_occur() -> None:
    logits = torch.tensor([[0.0], [2.0]])
    weights = torch.tensor([0.75, 0.25])
    p = expit([0.0, 2.0])
    entropy = -0.75 * np.log(1 - p[0]) - 0.25 * np.log(p[1])
    dice = 2 * 0.25 * p[1] / (0.75 * p[0] + 0.25 * p[1] + 0.25)
    loss = head_loss(logits, torch.tensor([0, 1]), weights)
    assert float(loss) == pytest.approx(entropy + 1 - dice)
    nothing = head_loss(logits, torch.tensor([0, 0]), weights)
    assert float(nothing) == pytest.approx(-0.75 * np.log(1 - p[0]) - 0.25 * np.log(1 - p[1]))
    three = torch.tensor([[0.0, 0.0, 0.0]])
    of_three = head_loss(three, torch.tensor([2]), torch.tensor([1.0]))
    assert float(of_three) == pytest.approx(np.log(3) + 1 - 2 / 3 / (1 / 3 + 1))


def test_a_fit_ends_at_a_minimum() -> None:
    torch.manual_seed(0)
    classes = torch.tensor([0, 1] * 40)
    features = 3 * torch.randn(80, 5) + classes[:, None]
    sample = Sample(features, classes, torch.full((80,), 2.0))
    head, losses = fit_head(sample, 1, FrozenParams(penalty=0.1))
    torch.testing.assert_close(head.mean, features.mean(dim=0))
    torch.testing.assert_close(head.std, features.std(dim=0, correction=0), atol=2e-3, rtol=0)
    weight = head.weight.clone().requires_grad_()
    logits = (features - head.mean) / head.std @ weight.T + head.bias
    loss = head_loss(logits, classes, torch.full((80,), 1 / 80)) + 0.1 * weight.square().sum()
    (gradient,) = torch.autograd.grad(loss, weight)
    assert float(loss.detach()) == pytest.approx(min(losses), rel=1e-4)
    assert float(gradient.abs().max()) < 0.01
    assert losses[0] > 1.1 * losses[-1]


def test_the_encoder_is_frozen_and_training_it_is_not_offered(model: FrozenHead) -> None:
    strategy = Frozen(model, {}, penalty=0.5)
    assert strategy.inference_model() is model
    pixels = draw_pixels(np.zeros((32, 32), np.uint8), 1, np.random.default_rng(0))
    before = {name: tensor.clone() for name, tensor in model.encoder.state_dict().items()}
    sample_features(model, torch.rand(1, 3, 32, 32), pixels)
    after = model.encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in after)


def test_the_fit_sees_the_flips_of_the_training() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (1, 32, 64, 3), np.uint8)
    masks = np.zeros((1, 32, 64), np.uint8)
    masks[0, 4:20, 3:30] = 1

    def fitted(images: NDArray[np.uint8], masks: NDArray[np.uint8], hflip: float) -> Tensor:
        labeled = LabeledBatches(
            images=images,
            masks=masks,  # type: ignore[arg-type]
            rows=np.arange(len(images)),
            size=1,
            augment=AugmentParams(hflip=hflip),
            scaling=Scaling("unit"),
            key=(0,),
            device=torch.device("cpu"),
        )
        model = untrained()
        Frozen(model, {}, pixels=100_000, iterations=3).fit(labeled)  # enough for every pixel
        linear: Any = model.segmentation_head[0]
        return cast("Tensor", linear.weight.detach().clone())

    mirrored = fitted(images, masks, hflip=0.5)
    both, theirs = (np.concatenate([array, array[:, :, ::-1]]) for array in (images, masks))
    assert torch.equal(mirrored, fitted(both, theirs, hflip=0))
    assert not torch.equal(mirrored, fitted(images, masks, hflip=0))
