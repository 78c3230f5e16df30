"""Loss terms by segmentation-models-pytorch, over the pixels whose label was bought.

Every term takes logits (N x 1 or N x K+1 x H x W) and a target (uint8 N x H x W with 255 for what
is not labeled) and returns a scalar; it is a mean over labeled pixels, whatever their number.
"""

from collections.abc import Callable

import segmentation_models_pytorch as smp
import torch
import torch.nn.functional as F
from torch import Tensor

from frugalseg.data.sample import IGNORE

Loss = Callable[[Tensor, Tensor], Tensor]


def _mode(classes: int) -> str:
    return "binary" if classes == 1 else "multiclass"


def dice(classes: int, gamma: float | None = None) -> Loss:
    """Soft Dice over the batch (Milletari 2016); 0 where a batch holds no labeled foreground."""
    term = smp.losses.DiceLoss(_mode(classes), ignore_index=IGNORE)

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        value: Tensor = term(logits.float(), target.long())
        return value

    return loss


def focal(classes: int, gamma: float | None = None) -> Loss:
    """Focal loss (Lin 2017, eq. 4) with exponent `gamma`, by default 2."""
    term = smp.losses.FocalLoss(
        _mode(classes), gamma=2.0 if gamma is None else gamma, ignore_index=IGNORE
    )

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        if not (target != IGNORE).any():  # the mean of no pixel is NaN there
            return logits.sum() * 0
        value: Tensor = term(logits.float(), target.long())
        return value

    return loss


def binary_cross_entropy(classes: int, gamma: float | None = None) -> Loss:
    """Binary cross-entropy with logits; for one foreground class."""
    term = smp.losses.SoftBCEWithLogitsLoss(ignore_index=IGNORE, reduction="sum")

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        # summed and divided here: the library's mean counts ignored pixels as pixels without loss
        labeled = (target != IGNORE).sum().clamp(min=1)
        value: Tensor = term(logits.float(), target[:, None].float())
        return value / labeled

    return loss


def cross_entropy(classes: int, gamma: float | None = None) -> Loss:
    """Categorical cross-entropy over background and K classes."""

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        labeled = (target != IGNORE).sum().clamp(min=1)
        total = F.cross_entropy(logits.float(), target.long(), ignore_index=IGNORE, reduction="sum")
        return total / labeled

    return loss


def total(terms: dict[str, Tensor]) -> Tensor:
    """Add up the terms of a step."""
    return torch.stack(list(terms.values())).sum()
