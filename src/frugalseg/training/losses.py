"""Loss terms by segmentation-models-pytorch, over the pixels whose label was bought.

Every term takes logits (N x 1 or N x K+1 x H x W) and a target (uint8 N x H x W with 255 for what
is not labeled) and returns a scalar; it is a mean over labeled pixels, whatever their number.

`class_weights`, one of the background and one of each of K > 1 classes, turns the mean into a
weighted one: over pixels by their true class (cross-entropy), or over classes (Dice, focal). Only
their ratios matter; equal weights are none.
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
    """Return weights as a list, None for none.

    Raises:
        FrugalsegError: there is one class only, or not a weight for each class.
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
    """Soft Dice over the batch (Milletari 2016); 0 where a batch holds no labeled foreground."""
    weights = _checked(class_weights, classes)
    term = smp.losses.DiceLoss(_mode(classes), ignore_index=IGNORE, class_weights=weights)

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        value: Tensor = term(logits.float(), target.long())
        return value

    return loss


def focal(classes: int, gamma: float | None = None, class_weights: Weights = None) -> Loss:
    """Focal loss (Lin 2017, eq. 4) with exponent `gamma`, by default 2; of each class by itself."""
    term = smp.losses.FocalLoss(
        _mode(classes),
        gamma=2.0 if gamma is None else gamma,
        ignore_index=IGNORE,
        class_weights=_checked(class_weights, classes),
    )

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        if not (target != IGNORE).any():  # the mean of no pixel is NaN there
            return logits.sum() * 0
        value: Tensor = term(logits.float(), target.long())
        return value

    return loss


def binary_cross_entropy(
    classes: int, gamma: float | None = None, class_weights: Weights = None
) -> Loss:
    """Binary cross-entropy with logits; for one foreground class."""
    _checked(class_weights, 1)
    term = smp.losses.SoftBCEWithLogitsLoss(ignore_index=IGNORE, reduction="sum")

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        # summed and divided here: the library's mean counts ignored pixels as pixels without loss
        labeled = (target != IGNORE).sum().clamp(min=1)
        value: Tensor = term(logits.float(), target[:, None].float())
        return value / labeled

    return loss


def cross_entropy(classes: int, gamma: float | None = None, class_weights: Weights = None) -> Loss:
    """Categorical cross-entropy over background and K classes."""
    weights = torch.tensor(_checked(class_weights, classes) or [1.0] * (classes + 1))

    def loss(logits: Tensor, target: Tensor) -> Tensor:
        known = target.long()
        weight = weights.to(logits.device)
        sums = F.cross_entropy(logits.float(), known, weight, ignore_index=IGNORE, reduction="sum")
        labeled = (weight[known.where(known != IGNORE, 0)] * (known != IGNORE)).sum()
        return sums / labeled.clamp(min=torch.finfo(labeled.dtype).tiny)

    return loss


def total(terms: dict[str, Tensor]) -> Tensor:
    """Add up the terms of a step."""
    return torch.stack(list(terms.values())).sum()
