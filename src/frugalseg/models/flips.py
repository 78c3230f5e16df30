"""Test-time augmentation by flips: the mean prediction of an image and its mirror images."""

from collections.abc import Collection
from enum import StrEnum

import torch
from torch import Tensor, nn

from frugalseg.models.predict import to_probs


class Flip(StrEnum):
    """A flip of images, N x C x H x W."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"

    @property
    def dim(self) -> int:
        """Return the dimension that is reversed."""
        return 3 if self is Flip.HORIZONTAL else 2


class FlipAverage(nn.Module):
    """A network whose probabilities are the mean over flips of its input.

    With both flips that are four passes: the image, each flip, and both at once. Use only flips
    that the network was trained with.

    Example:
        >>> model = FlipAverage(nn.Conv2d(3, 1, 3, padding=1), ["horizontal"])
        >>> image = torch.rand(1, 3, 8, 8)
        >>> torch.allclose(model(image.flip(3)), model(image).flip(3), atol=1e-6)
        True
    """

    def __init__(self, model: nn.Module, flips: Collection[str]) -> None:
        """Take a network that maps N x C x H x W to logits, N x 1 or N x K+1 x H x W."""
        super().__init__()
        self.model = model
        self._dims: list[list[int]] = [[]]
        for flip in flips:
            self._dims += [[*dims, Flip(flip).dim] for dims in self._dims]

    def forward(self, images: Tensor) -> Tensor:
        """Return logits of the mean probabilities, of the shape of the network's own."""
        probs = torch.stack(
            [to_probs(self.model(images.flip(dims))).flip(dims) for dims in self._dims]
        ).mean(dim=0)
        return probs[:, 1:].logit(eps=1e-7) if probs.shape[1] == 2 else probs.log()


def average_flips(model: nn.Module, flips: Collection[str]) -> nn.Module:
    """Return the network, averaged over `flips` if there are any."""
    return FlipAverage(model, flips) if flips else model
