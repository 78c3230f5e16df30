"""Plain vision transformers of timm, such as DINOv2 and DINOv3, as encoders of `frozen_head`."""

from typing import Any

import timm
import torch.nn.functional as F
from torch import Tensor, nn

PREFIX = "tu-"
FAMILIES = ("timm.models.vision_transformer", "timm.models.eva")
"""The modules of timm whose networks keep one grid of patches, which an encoder of stages lacks."""
BLOCKS = 4
"""Features are those of the last blocks, as in the linear probe of DINOv2 (Oquab et al. 2023)."""


def is_vit(encoder_name: str) -> bool:
    """Return whether a name such as `tu-vit_small_patch14_dinov2.lvd142m` is of such a network."""
    name = encoder_name.removeprefix(PREFIX).partition(".")[0]
    if not encoder_name.startswith(PREFIX) or not timm.is_model(name):
        return False
    return timm.model_entrypoint(name).__module__ in FAMILIES


class VitEncoder(nn.Module):
    """The last blocks of a vision transformer, with the interface of an encoder.

    Attributes:
        out_channels: of the images, and of the features of each block.
    """

    def __init__(self, encoder_name: str, *, in_channels: int, pretrained: bool) -> None:
        """Create the encoder; `pretrained` weights come from the hub."""
        super().__init__()
        model: Any = timm.create_model(
            encoder_name.removeprefix(PREFIX),
            pretrained=pretrained,
            in_chans=in_channels,
            features_only=True,
            out_indices=BLOCKS,
            dynamic_img_size=True,
        )
        self.model: Any = model
        self.out_channels = [in_channels, *model.feature_info.channels()]
        self._patch = int(model.feature_info.reduction()[0])

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the images (N x C x H x W) and the features of each block, N x D x h x w.

        Images are resized to the nearest multiples of the patch size: padding would shift the
        features against the masks.
        """
        size = [max(1, round(side / self._patch)) * self._patch for side in images.shape[2:]]
        fitting = F.interpolate(images, size=size, mode="bilinear", align_corners=False)
        return [images, *self.model(fitting)]
