"""Loss terms by segmentation-models-pytorch, over the pixels whose label was bought.

Every term takes logits (N x 1 or N x K+1 x H x W) and a target (uint8 N x H x W with 255 for
unlabeled pixels) and returns a scalar: a mean over the labeled pixels, whatever their number.

`class_weights`, one of the background and one of each of K > 1 classes, turns it into a weighted
mean: over pixels by their true class (cross-entropy), or over classes (Dice, focal). Only their
ratios matter; equal weights change nothing.
"""

from collections.abc import Callable, Sequence

import segmentation_models_pytorch as smp
import torch
import torch.nn.functional as F
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError

Loss = Callable[[Tensor, Tensor], Tensor]
Weights = Sequence[float] | None


def _mode(classes: int) -> str:
    return "binary" if classes == 1 else "multiclass"


def _checked(weights: Weights, classes: int) -> list[float] | None:
    """Return the weights as a list, or None without weights.

    Raises:
        FrugalsegError: there is only one class, or not one weight for each class.
    """
    if weights is None:
        return None
    if classes == 1:
        raise FrugalsegError(
            "class_weights weigh several classes; found a data set with one. Leave them out."
        )
    if len(weights) != classes + 1:
        raise FrugalsegError(
            f"class_weights: expected {classes + 1} weights, of the background and {classes} "
            f"classes; found {list(weights)}."
        )
    return list(weights)


def dice(classes: int, gamma: float | None = None, class_weights: Weights = None) -> Loss:
    """Return soft Dice over the batch (Milletari 2016); 0 in a batch without labeled foreground."""
    weights = _checked(class_weights, classes)
    term = smp.losses.DiceLoss(_mode(classes), ignore_index=IGNORE, class_weights=weights)
    return lambda logits, target: term(logits.float(), target.long())


def focal(classes: int, gamma: float | None = None, class_weights: Weights = None) -> Loss:
    """Return the focal loss (Lin 2017, eq. 4) of each class, with exponent `gamma` (default 2)."""
    term = smp.losses.FocalLoss(
        _mode(classes),
        gamma=2.0 if gamma is None else gamma,
        ignore_index=IGNORE,
        class_weights=_checked(class_weights, classes),
    )
    return lambda logits, target: (
        term(logits.float(), target.long())
        if (target != IGNORE).any()
        else logits.sum() * 0  # where the library's mean, over no pixel, is NaN
    )


def binary_cross_entropy(
    classes: int, gamma: float | None = None, class_weights: Weights = None
) -> Loss:
    """Return binary cross-entropy with logits, for one foreground class."""
    _checked(class_weights, 1)
    # summed and divided here: the library's mean counts ignored pixels as pixels without loss
    term = smp.losses.SoftBCEWithLogitsLoss(ignore_index=IGNORE, reduction="sum")
    return lambda logits, target: (
        term(logits.float(), target[:, None].float()) / (target != IGNORE).sum().clamp(min=1)
    )


def cross_entropy(classes: int, gamma: float | None = None, class_weights: Weights = None) -> Loss:
    """Return categorical cross-entropy over the background and K classes."""
    weights = torch.tensor(_checked(class_weights, classes) or [1.0] * (classes + 1))

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        index, weight = target.long(), weights.to(logits.device)
        sums = F.cross_entropy(logits.float(), index, weight, ignore_index=IGNORE, reduction="sum")
        labeled = (weight[index.where(index != IGNORE, 0)] * (index != IGNORE)).sum()
        return sums / labeled.clamp(min=torch.finfo(labeled.dtype).tiny)

    return loss
