from typing import Any

import pytest
import timm
import torch

from frugalseg.models.build import build_model
from frugalseg.models.weights import BUNDLED


def unet(depth: int, encoder: str = f"tu-{BUNDLED}", **options: Any) -> Any:
    settings = {"arch": "unet", "encoder": encoder, "weights": "none", "classes": 1, "channels": 3}
    decoder = (64, 32, 16, 16, 16)[:depth]
    return build_model(**(settings | options), seed=0, decoder_channels=decoder)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoder", [f"tu-{BUNDLED}", "tu-mobilenetv3_small_100"])
@pytest.mark.parametrize("depth", [3, 4, 5])
def test_every_weight_of_the_encoder_has_a_gradient(encoder: str, depth: int) -> None:
    model = unet(depth, encoder)
    model(torch.rand(2, 3, 64, 64)).sum().backward()
    assert [name for name, p in model.named_parameters() if p.grad is None] == []


def test_the_features_are_those_of_the_whole_network() -> None:
    encoder = unet(3, weights="bundled").encoder.eval()
    whole = timm.create_model(BUNDLED, features_only=True).eval()
    names = whole.state_dict()
    assert len(encoder.model.state_dict()) < len(names)
    whole.load_state_dict(names | encoder.model.state_dict())
    images = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        for ours, theirs in zip(encoder(images)[1:], whole(images)[:3], strict=True):
            assert torch.equal(ours, theirs)


def test_encoders_that_end_with_their_last_feature_stay_as_they_are() -> None:
    layers = [name for name, _ in unet(3, "tu-resnet18").encoder.model.named_children()]
    assert layers == ["conv1", "bn1", "act1", "maxpool", "layer1", "layer2"]
