"""A small network with batch statistics, and batches with unlabeled views."""

import torch
from torch import nn

from frugalseg.models.flex_unet import FlexUNet
from frugalseg.training.batches import Batch, Views
from frugalseg.training.losses import binary_cross_entropy

LOSSES = {"bce": (1.0, binary_cross_entropy(1))}


def network(classes: int = 1, norm: str = "batch") -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FlexUNet(channels=3, classes=classes, levels=3, filters=4, norm=norm)


def batch(step: int = 0, views: int = 1, cutmix: bool = False) -> Batch:
    generator = torch.Generator().manual_seed(step)

    def images(number: int = 2) -> torch.Tensor:
        return torch.rand(number, 3, 16, 16, generator=generator)

    boxes = torch.zeros(2, 1, 16, 16, dtype=torch.bool)
    boxes[0, :, :8] = cutmix
    valid = torch.ones(2, 16, 16, dtype=torch.bool)
    strong = tuple(images() for _ in range(views))
    unlabeled = Views(images(), strong, (boxes,) * views, valid)
    labeled = images(3)
    return Batch(labeled, (labeled.mean(1) > 0.5).to(torch.uint8), unlabeled)
