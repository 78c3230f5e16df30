from typing import Any

import pytest
import torch
from torch import nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.flex_unet import FlexUNet, instance_norm

MICROCT: dict[str, Any] = {"levels": 5, "filters": 64, "norm": "instance", "upsampling": "bilinear"}
ALUMINUM: dict[str, Any] = {
    "levels": 8, "filters": 16, "kernels": (11, 9, 7, 5, 3), "dropout": 0.05,
    "upsampling": "transposed",
}  # fmt: skip


def parameters(**settings: Any) -> int:
    with torch.device("meta"):  # shapes alone: no weight is made
        return sum(p.numel() for p in FlexUNet(**settings).parameters())


def test_parameters_of_the_micro_tomography_network_by_hand() -> None:
    # a block i -> o without bias, with scale and shift after each convolution: 9 (i o + o^2) + 4 o
    encoder = 37_696 + 221_696 + 885_760 + 3_540_992 + 14_159_872  # 1 -> 64 -> ... -> 1024
    decoder = 9_439_232 + 2_360_320 + 590_336 + 147_712  # 1024 + 512 -> 512, ..., 128 + 64 -> 64
    assert parameters(channels=1, classes=1, **MICROCT) == encoder + decoder + 65


def test_parameters_of_the_aluminum_network_by_hand() -> None:
    # a block i -> o of kernel k with bias: k^2 (i o + o^2) + 2 o
    encoder = 36_816 + 124_480 + 301_184 + 614_656 + 885_248 + 3_539_968 + 14_157_824 + 56_627_200
    enlarge = 8_389_632 + 2_097_664 + 524_544 + 131_200 + 32_832 + 8_224 + 2_064  # 4 i o + o
    decoder = 28_313_600 + 7_078_912 + 1_769_984 + 1_229_056 + 602_240 + 248_896 + 92_960
    found = parameters(channels=3, classes=7, **ALUMINUM)
    assert found == encoder + enlarge + decoder + 16 * 7 + 7


def test_kernels_dropout_dilation_and_norm_by_level() -> None:
    network = FlexUNet(channels=1, classes=1, **(ALUMINUM | {"filters": 1, "dilation": 2}))
    blocks = [list(block.modules()) for block in network.encoder.blocks]
    kernels = [{m.kernel_size[0] for m in b if isinstance(m, nn.Conv2d)} for b in blocks]
    assert kernels == [{11}, {9}, {7}, {5}, {3}, {3}, {3}, {3}]
    rates = [[m.p for m in b if isinstance(m, nn.Dropout)] for b in blocks]
    assert rates[0] == []  # it grows from nothing
    assert [rate for level in rates for rate in level] == pytest.approx(
        [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]
    )
    convolutions = [m for b in blocks for m in b if isinstance(m, nn.Conv2d)]
    assert {m.dilation for m in convolutions} == {(2, 2)}
    assert not [m for m in network.modules() if isinstance(m, nn.BatchNorm2d | nn.GroupNorm)]


def test_instance_norm_is_that_of_torch() -> None:
    images = torch.rand(2, 6, 5, 7).contiguous(memory_format=torch.channels_last)
    ours, theirs = instance_norm(6), nn.InstanceNorm2d(6, affine=True)
    with torch.no_grad():
        for value in (theirs.weight, theirs.bias):
            nn.init.uniform_(value)
    ours.load_state_dict(theirs.state_dict())
    for training in (True, False):
        torch.testing.assert_close(ours.train(training)(images), theirs.train(training)(images))


@pytest.mark.parametrize("norm", ["none", "batch", "instance"])
@pytest.mark.parametrize("upsampling", ["bilinear", "transposed"])
def test_logits_have_the_image_size_and_every_parameter_a_gradient(
    norm: str, upsampling: str
) -> None:
    network = FlexUNet(
        channels=3, classes=4, levels=3, filters=4, kernels=(5, 3), norm=norm,
        upsampling=upsampling, dropout=0.1,
    )  # fmt: skip
    logits = network(torch.rand(2, 3, 32, 48))
    assert logits.shape == (2, 4, 32, 48)
    logits.square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())


def test_a_side_that_cannot_be_halved_so_often_is_a_clear_error() -> None:
    network = FlexUNet(channels=1, classes=1, levels=4, filters=2)
    with pytest.raises(FrugalsegError, match="multiples of 8; found \\(32, 36\\)"):
        network(torch.rand(1, 1, 32, 36))
