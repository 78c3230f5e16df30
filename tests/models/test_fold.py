from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from frugalseg.models.build import build_model
from frugalseg.models.dropout import find_dropout
from frugalseg.models.fold import fold_batch_norms


class Net(nn.Module):
    """Two convolutions and a normalization; how they are joined is up to `forward`."""

    def __init__(self, join: Callable[["Net", Tensor], Tensor]) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.last, self.join = nn.Conv2d(4, 1, 1), join

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.last(self.join(self, images))
        return logits


def build(arch: str, encoder: str, dropout: dict[str, Any] | None = None) -> nn.Module:
    new = {"weights": "none", "classes": 1, "channels": 3, "seed": 0}
    return build_model(arch=arch, encoder=encoder, dropout=dropout, **new)  # type: ignore[arg-type]


def settled(model: nn.Module) -> nn.Module:
    """Give every normalization statistics that matter, as training does."""
    rng = torch.Generator().manual_seed(1)
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm2d):
            for values in (norm.running_mean, norm.running_var, norm.weight, norm.bias):
                assert values is not None
                values.data = 0.5 + torch.rand(values.shape, generator=rng)
    return model.eval()


def norms(model: nn.Module) -> int:
    return sum(isinstance(module, nn.BatchNorm2d) for module in model.modules())


def assert_same_answers(one: nn.Module, other: nn.Module) -> None:
    images = torch.rand(2, 3, 64, 96, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        torch.testing.assert_close(one(images), other(images), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("arch", ["unet", "unetplusplus"])
@pytest.mark.parametrize("encoder", ["tu-tf_efficientnet_lite0", "resnet18"])
def test_a_network_answers_as_before_without_its_normalizations(arch: str, encoder: str) -> None:
    model = settled(build(arch, encoder))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    folded = fold_batch_norms(model)
    assert norms(model) > 20
    assert norms(folded) == 0
    assert_same_answers(model, folded)
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())


def test_dropout_still_draws() -> None:
    model = build("unet", "tu-tf_efficientnet_lite0", dropout={"p": 0.5, "where": "decoder"})
    folded = fold_batch_norms(model.eval())
    dropout, original = find_dropout(folded), find_dropout(model)
    assert dropout is not None
    assert original is not None
    dropout.generators = [torch.Generator().manual_seed(seed) for seed in (3, 4)]
    assert original.generators is None
    with torch.inference_mode():
        one, other = folded(torch.ones(2, 3, 64, 64))
    assert not torch.equal(one, other)


def test_a_normalization_of_something_else_stays() -> None:
    model = settled(Net(lambda net, images: net.norm(net.conv(images).relu())))
    folded = fold_batch_norms(model)
    assert norms(folded) == 1
    assert_same_answers(model, folded)


@pytest.mark.parametrize(
    "join",
    [
        lambda net, images: net.norm(before := net.conv(images)) + before,
        lambda net, images: net.norm(net.conv(images).relu_()),
    ],
    ids=["the convolution is also added", "an activation in place"],
)
def test_a_network_that_folding_would_change_is_left_as_it_is(
    join: Callable[[Net, Tensor], Tensor],
) -> None:
    model = settled(Net(join))
    assert fold_batch_norms(model) is model


def test_a_normalization_that_is_used_twice_stays() -> None:
    twice = Net(lambda net, images: net.norm(net.conv(images)) + net.norm(net.conv(images)))
    assert norms(fold_batch_norms(settled(twice))) == 1


def test_a_normalization_by_each_batch_stays() -> None:
    model = Net(lambda net, images: net.norm(net.conv(images)))
    model.norm = nn.BatchNorm2d(4, track_running_stats=False)
    assert norms(fold_batch_norms(model.eval())) == 1


def test_without_normalizations_the_network_itself_is_returned() -> None:
    model = nn.Conv2d(3, 1, 1).eval()
    assert fold_batch_norms(model) is model
