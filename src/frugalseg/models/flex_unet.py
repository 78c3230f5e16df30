"""The project's own configurable U-Net (Ronneberger et al. 2015)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.model import FlexUNetParams


def instance_norm(channels: int) -> nn.Module:
    """Return instance norm with learned scale and shift, as group norm with a channel a group.

    `nn.InstanceNorm2d` copies channels-last images to another layout and back: on a CPU, a step of
    training takes 1.3 times as long.
    """
    return nn.GroupNorm(channels, channels)


NORMS = {"none": None, "batch": nn.BatchNorm2d, "instance": instance_norm}
"""The normalization after each convolution."""


def block(inputs: int, outputs: int, kernel: int, dilation: int, norm: str, p: float) -> nn.Module:
    """Return two convolutions, each with norm and ReLU, and dropout `p` between them."""

    def convolution(channels: int) -> list[nn.Module]:
        make = NORMS[norm]
        padding = dilation * (kernel - 1) // 2
        layer = nn.Conv2d(
            channels, outputs, kernel, padding=padding, dilation=dilation, bias=make is None
        )
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        norms = [] if make is None else [make(outputs)]
        return [layer, *norms, nn.ReLU(inplace=True)]

    dropout = [nn.Dropout(p)] if p else []
    return nn.Sequential(*convolution(inputs), *dropout, *convolution(outputs))


class Encoder(nn.Module):
    """Blocks with max-pooling by two between them."""

    def __init__(self, blocks: Sequence[nn.Module]) -> None:
        """Create an encoder of one block a level, the finest first."""
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self.pool = nn.MaxPool2d(2)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the features of each level, the finest first."""
        factor = 2 ** (len(self.blocks) - 1)
        if images.shape[-2] % factor or images.shape[-1] % factor:
            raise FrugalsegError(
                f"A flexible U-Net of {len(self.blocks)} levels needs sides that are multiples of "
                f"{factor}; found {tuple(images.shape[-2:])}. Change image_size, the crop or the "
                "window, or use fewer levels."
            )
        features: list[Tensor] = []
        for level, layers in enumerate(self.blocks):
            images = layers(self.pool(images) if level else images)
            features.append(images)
        return features


class Decoder(nn.Module):
    """From the coarsest level up: upsample by two, concatenate the skip features, a block."""

    def __init__(self, enlarge: Sequence[nn.Module], blocks: Sequence[nn.Module]) -> None:
        """Create a decoder of an upsampling and a block a level, the coarsest of these first."""
        super().__init__()
        self.enlarge, self.blocks = nn.ModuleList(enlarge), nn.ModuleList(blocks)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Return the finest features, N x filters x H x W."""
        *skips, low = features
        for enlarge, layers, skip in zip(self.enlarge, self.blocks, reversed(skips), strict=True):
            low = layers(torch.cat([enlarge(low), skip], dim=1))
        return low


class FlexUNet(nn.Module):
    """A U-Net of any depth, width, kernels, dropout, dilation, norm and upsampling.

    Its parts are named as in segmentation-models-pytorch: encoder, decoder, segmentation_head.
    """

    def __init__(self, *, channels: int, classes: int, **options: Any) -> None:
        """Build the network.

        Args:
            channels: of the images. classes: channels of the logits.
            options: the fields of `FlexUNetParams`. The image is halved `levels` - 1 times, and
                each level has twice as many `filters` as the one before. Levels without a kernel
                of their own use the last one. At level k, from 0, the probability of dropout is k
                times `dropout`, at most 0.9. `transposed` convolutions halve the channels.
        """
        super().__init__()
        flex = FlexUNetParams(**options)
        levels = flex.levels
        widths = [flex.filters * 2**level for level in range(levels)]
        sides = [flex.kernels[min(level, len(flex.kernels) - 1)] for level in range(levels)]
        rates = [min(0.9, level * flex.dropout) for level in range(levels)]

        def make(level: int, inputs: int) -> nn.Module:
            return block(
                inputs, widths[level], sides[level], flex.dilation, flex.norm, rates[level]
            )

        self.encoder = Encoder([make(k, n) for k, n in enumerate([channels, *widths[:-1]])])
        upward = list(range(levels - 2, -1, -1))
        pairs = [(wide, narrow) for narrow, wide in reversed(list(pairwise(widths)))]
        if flex.upsampling == "bilinear":
            enlarge: list[nn.Module] = [
                nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False) for _ in upward
            ]
            joined = [wide + narrow for wide, narrow in pairs]
        else:
            enlarge = [nn.ConvTranspose2d(wide, narrow, 2, stride=2) for wide, narrow in pairs]
            joined = [2 * narrow for _, narrow in pairs]
        self.decoder = Decoder(enlarge, [make(k, n) for k, n in zip(upward, joined, strict=True)])
        self.segmentation_head = nn.Conv2d(flex.filters, classes, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, N x classes x H x W, of images N x channels x H x W."""
        logits: Tensor = self.segmentation_head(self.decoder(self.encoder(images)))
        return logits
