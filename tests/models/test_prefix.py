from collections import Counter
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.dropout import add_dropout, find_dropout
from frugalseg.models.prefix import SplitModel

# double precision: untrained networks blow single-precision rounding up beyond the tolerance
IMAGES = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def build(arch: str, encoder: str, where: str) -> nn.Module:
    model = build_model(
        arch=arch,
        encoder=encoder,
        weights="none",
        classes=1,
        channels=3,
        seed=0,
        dropout={"p": 0.5, "where": where},
    )
    return model.eval().double()


def generators(image: int, passes: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(100 * image + t) for t in range(passes)]


@torch.inference_mode()
def whole(model: nn.Module, image: int, number: int) -> Tensor:
    """One full stochastic pass of one image, with nothing kept."""
    dropout = find_dropout(model)
    assert dropout is not None
    dropout.generators = [generators(image, number + 1)[number]]
    logits: Tensor = model(IMAGES[image : image + 1])[0]
    dropout.generators = None
    return logits


@pytest.mark.parametrize("where", ["encoder", "decoder", "head"])
@pytest.mark.parametrize(
    ("arch", "encoder"),
    [
        ("unet", "resnet18"),
        ("unet", "tu-tf_efficientnet_lite0"),
        ("unetplusplus", "efficientnet-b0"),
        ("unetplusplus", "tu-resnet18"),
    ],
)
def test_the_rest_gives_what_full_passes_with_the_same_masks_give(
    arch: str, encoder: str, where: str
) -> None:
    model = build(arch, encoder, where)
    prefix = SplitModel(model, 3).prefix(IMAGES)
    one = prefix.rest(0, 1, [generators(0, 2)])
    two = prefix.rest(1, 3, [generators(1, 2), generators(2, 2)])
    found = torch.cat([one, two])
    assert found.shape == (3, 2, 1, 64, 64)
    for image in range(3):
        for number in range(2):
            full = whole(model, image, number)
            assert torch.allclose(found[image, number], full, atol=1e-10)
    assert not torch.allclose(found[:, 0], found[:, 1], atol=1e-8, rtol=1e-8)


def test_afterwards_the_model_is_as_before() -> None:
    model = build("unet", "resnet18", "decoder")
    with torch.inference_mode():
        before = model(IMAGES)
    SplitModel(model, 3).prefix(IMAGES).rest(0, 3, [generators(k, 2) for k in range(3)])
    with torch.inference_mode():
        assert torch.equal(model(IMAGES), before)
    assert all("forward" not in vars(module) for module in model.modules())


@pytest.mark.parametrize(
    ("where", "once"),
    [("head", ["encoder", "decoder"]), ("decoder", ["encoder", "decoder.blocks.0"])],
)
def test_what_comes_before_the_first_dropout_runs_once(where: str, once: list[str]) -> None:
    model = build("unet", "resnet18", where)
    modules = dict(model.named_modules())
    runs: Counter[str] = Counter()
    for name in [*once, "segmentation_head"]:
        inner = next(part for part in modules[name].modules() if isinstance(part, nn.Conv2d))
        inner.register_forward_hook(lambda *_, name=name: runs.update([name]))
    split = SplitModel(model, 3)
    runs.clear()
    prefix = split.prefix(IMAGES)
    for _ in range(4):
        prefix.rest(0, 1, [generators(0, 2)])
    assert [runs[name] for name in once] == [1] * len(once)
    assert runs["segmentation_head"] == 4


class Shared(nn.Module):
    """A network that uses one module before and after its dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Conv2d(3, 3, 1)
        self.decoder = nn.Conv2d(3, 3, 1)

    def forward(self, x: Any) -> Any:
        return self.shared(self.decoder(self.shared(x)))


def test_a_module_that_runs_again_later_is_not_taken_for_done() -> None:
    torch.manual_seed(0)
    model = Shared().eval().double()
    add_dropout(model, p=0.5, where="head", channels=3)
    found = SplitModel(model, 3).prefix(IMAGES).rest(0, 1, [generators(0, 2)])
    assert torch.allclose(found[0, 1], whole(model, 0, 1), atol=1e-10)


def test_a_model_without_dropout_is_refused() -> None:
    model = build_model(
        arch="unet", encoder="resnet18", weights="none", classes=1, channels=3, seed=0
    )
    with pytest.raises(FrugalsegError, match="need a model with dropout"):
        SplitModel(model, 3)
