import pytest
import torch
from torch import nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.flex_unet import FlexUNet
from frugalseg.models.freeze import freeze_stages, frozen_modules, stage_parameters


def encoder(name: str = "resnet18") -> nn.Module:
    model = build_model(arch="unet", encoder=name, weights="none", classes=1, channels=3, seed=0)
    found: nn.Module = model.encoder  # type: ignore[assignment]
    return found


def test_the_stages_of_a_resnet_are_its_own() -> None:
    network = encoder()
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    stages = [{names[id(p)].split(".")[0] for p in stage} for stage in stage_parameters(network)]
    assert stages == [{"conv1", "bn1"}, {"layer1"}, {"layer2"}, {"layer3"}, {"layer4"}]


def test_stages_share_out_a_timm_encoder() -> None:
    network = encoder("tu-tf_efficientnet_lite0")
    stages = stage_parameters(network)
    assert len(stages) == 5
    listed = [id(parameter) for stage in stages for parameter in stage]
    assert len(listed) == len(set(listed)) == len(list(network.parameters()))


def test_frozen_stages_take_no_gradient_and_are_named() -> None:
    network = encoder().train()
    assert frozen_modules(network) == []
    freeze_stages(network, 2)
    assert network.training  # finding the stages leaves modes as they were
    trainable = {n.split(".")[0] for n, p in network.named_parameters() if p.requires_grad}
    assert trainable == {"layer2", "layer3", "layer4"}
    modules = dict(network.named_modules())
    assert frozen_modules(network) == [modules[name] for name in ("conv1", "bn1", "layer1")]


def test_frozen_stages_count_from_the_first_one_whatever_is_frozen_already() -> None:
    network = encoder()
    for count in (2, 1, 2):
        freeze_stages(network, count)
    trainable = {n.split(".")[0] for n, p in network.named_parameters() if p.requires_grad}
    assert trainable == {"layer2", "layer3", "layer4"}


def test_the_flexible_unet_has_a_stage_a_level() -> None:
    network = FlexUNet(channels=1, classes=1, levels=3, filters=4, norm="batch")
    assert len(stage_parameters(network.encoder)) == 3


def test_none_and_too_many() -> None:
    network = encoder()
    freeze_stages(network, 0)
    assert all(parameter.requires_grad for parameter in network.parameters())
    with pytest.raises(FrugalsegError, match="frozen_stages is 6, but the encoder has 5 stages"):
        freeze_stages(network, 6)
    assert torch.is_grad_enabled()
