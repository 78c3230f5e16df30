"""A linear head on multi-scale features of an encoder (as hypercolumns, Hariharan et al. 2015)."""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from segmentation_models_pytorch.encoders import get_encoder
from torch import Tensor, nn

from frugalseg.models.vit_encoder import VitEncoder, is_vit

STRIDE = 4
"""Pixels from one cell of the features to the next."""


@dataclass(frozen=True)
class Head:
    """What is fitted: `mean` and `std` of D features, `weight` (classes x D) and `bias` (classes).

    The linear layer takes standardized features.
    """

    mean: Tensor
    std: Tensor
    weight: Tensor
    bias: Tensor


class Features(nn.Module):
    """All stages of an encoder at one resolution, one below the other, and standardized.

    Attributes:
        mean, std: float32, 1 x D x 1 x 1, of the features; 0 and 1 until a head is fitted.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int) -> None:
        """Create features of D `channels` in all."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(1, channels, 1, 1))
        self.register_buffer("std", torch.ones(1, channels, 1, 1))

    def forward(self, stages: list[Tensor]) -> Tensor:
        """Return N x D x H / 4 x W / 4 from the stages of N x C x H x W images (the first one)."""
        images, *stages = stages
        size = [side // STRIDE for side in images.shape[2:]]
        resized = [_resize(stage, size) for stage in stages if stage.shape[1]]
        return (torch.cat(resized, dim=1) - self.mean) / self.std


class FrozenHead(nn.Module):
    """A network of an encoder and one linear layer, which strategy `frozen` fits.

    It has the parts of a network of segmentation-models-pytorch, for acquisitions that read
    features, and for dropout before the head.
    """

    def __init__(
        self, encoder_name: str, encoder_weights: str | bool | None, in_channels: int, classes: int
    ) -> None:
        """Create the network.

        Args:
            encoder_name, encoder_weights: as in segmentation-models-pytorch, or a vision
                transformer of timm.
            in_channels: of images. classes: channels of the logits, kept as attribute `classes`.
        """
        super().__init__()
        self.classes = classes
        self.encoder: Any
        if is_vit(encoder_name):
            pretrained = encoder_weights is not None
            self.encoder = VitEncoder(encoder_name, in_channels=in_channels, pretrained=pretrained)
        else:
            self.encoder = get_encoder(
                encoder_name, in_channels=in_channels, depth=5, weights=encoder_weights
            )
        channels = sum(self.encoder.out_channels[1:])
        self.decoder = Features(channels)
        self.segmentation_head = nn.Sequential(
            nn.Conv2d(channels, classes, 1), nn.Upsample(scale_factor=STRIDE, mode="bilinear")
        )

    @torch.no_grad()
    def set_head(self, head: Head) -> None:
        """Set the standardization of the features, and the linear layer."""
        linear: Any = self.segmentation_head[0]
        own = (self.decoder.mean, self.decoder.std, linear.weight, linear.bias)
        for tensor, value in zip(own, (head.mean, head.std, head.weight, head.bias), strict=True):
            tensor.copy_(value.view_as(tensor))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, N x classes x H x W; H and W are multiples of 32."""
        logits: Tensor = self.segmentation_head(self.decoder(self.encoder(images)))
        return logits


def _resize(stage: Tensor, size: list[int]) -> Tensor:
    if stage.shape[2] > size[0]:
        return F.avg_pool2d(stage, stage.shape[2] // size[0])
    if stage.shape[2] == size[0]:
        return stage
    return F.interpolate(stage, size, mode="bilinear")
