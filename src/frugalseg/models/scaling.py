"""Scaling of uint8 pixels to the numbers that a network takes; its name is in the model file."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Scaling:
    """x / 255, and for `imagenet` minus the mean over the standard deviation of each channel."""

    name: str

    def unit(self, images: NDArray[np.uint8], device: torch.device) -> Tensor:
        """Return float32 in [0, 1], N x C x H x W, channels last, of uint8 N x H x W x C."""
        tensor = torch.from_numpy(np.ascontiguousarray(images))
        if device.type == "cuda":
            tensor = tensor.pin_memory().to(device, non_blocking=True)
        return tensor.permute(0, 3, 1, 2).float().div_(255)

    def normalize(self, unit: Tensor) -> Tensor:
        """Scale float images in [0, 1], N x C x H x W, as for the encoder's pretraining."""
        if self.name == "unit":
            return unit
        channels = unit.shape[1]
        mean, std = unit.new_tensor(IMAGENET_MEAN), unit.new_tensor(IMAGENET_STD)
        if channels != 3:  # gray images get the mean of the three
            mean, std = mean.mean().expand(channels), std.mean().expand(channels)
        return (unit - mean.view(1, -1, 1, 1)) / std.view(1, -1, 1, 1)

    def tensor(self, images: NDArray[np.uint8], device: torch.device) -> Tensor:
        """Scale uint8 images, N x H x W x C, to the network's input, float32 N x C x H x W."""
        return self.normalize(self.unit(images, device))
