"""Test-time augmentation by flips: the mean prediction of an image and its mirror images."""

from collections.abc import Collection, Iterator

import torch
from torch import Tensor, nn

from frugalseg.models.predict import to_probs
from frugalseg.settings.training import Flip

DIMS = {Flip.HORIZONTAL: 3, Flip.VERTICAL: 2}
"""The dimension of N x C x H x W that a flip reverses."""


def combine(flips: Collection[str]) -> list[list[int]]:
    """Return the dimensions that each combination of flips reverses, beginning with none.

    Example:
        >>> combine(["horizontal", "vertical"])
        [[], [3], [2], [3, 2]]
    """
    combinations: list[list[int]] = [[]]
    for flip in flips:
        combinations += [[*dims, DIMS[Flip(flip)]] for dims in combinations]
    return combinations


def flipped_probs(model: nn.Module, images: Tensor, flips: Collection[str]) -> Iterator[Tensor]:
    """Yield the probabilities, N x K+1 x H x W, of images and of their mirror images.

    Those of mirror images are flipped back. With both flips there are four: of the images as they
    are, of each flip, and of both at once.

    Args:
        images: float32, N x C x H x W, scaled for the network.
        flips: names of `Flip`.
    """
    for dims in combine(flips):
        yield to_probs(model(images.flip(dims))).flip(dims)


class FlipAverage(nn.Module):
    """A network whose probabilities are the mean over flips of its input.

    Use only flips that the network was trained with.

    Example:
        >>> model = FlipAverage(nn.Conv2d(3, 1, 3, padding=1), ["horizontal"])
        >>> image = torch.rand(1, 3, 8, 8)
        >>> torch.allclose(model(image.flip(3)), model(image).flip(3), atol=1e-6)
        True
    """

    def __init__(self, model: nn.Module, flips: Collection[str]) -> None:
        """Take a network that maps N x C x H x W to logits, N x 1 or N x K+1 x H x W."""
        super().__init__()
        self.model, self._flips = model, flips

    def forward(self, images: Tensor) -> Tensor:
        """Return logits of the mean probabilities, of the shape of the network's own."""
        probs = torch.stack(list(flipped_probs(self.model, images, self._flips))).mean(dim=0)
        return probs[:, 1:].logit(eps=1e-7) if probs.shape[1] == 2 else probs.log()


def average_flips(model: nn.Module, flips: Collection[str]) -> nn.Module:
    """Return the network, averaged over `flips` if there are any."""
    return FlipAverage(model, flips) if flips else model
