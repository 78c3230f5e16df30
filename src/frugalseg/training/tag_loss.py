"""What a tag demands of a prediction: binary cross-entropy of pooled scores."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import TagTarget
from frugalseg.training.pooling import pool

WHOLE = 0.9
"""Share of a box that has to be seen for "it holds a crack" to hold of what is seen."""


def tag_losses(scores: Tensor, target: TagTarget, options: WeakParams) -> tuple[Tensor, Tensor]:
    """Return the summed binary cross-entropy over all tags that can be judged, and their number.

    Absence holds of any part of a box; presence only of a box that is seen whole.

    Args:
        scores: log odds, float N x K x H x W.
    """
    settings: dict[str, Any] = {"share": options.share, "sharpness": options.sharpness}
    boxes = target.values.shape[1]
    pooled, seen = pool(scores, target.regions, boxes, how=options.pooling, **settings)
    whole = (seen >= WHOLE * target.areas) & (seen > 0)
    counts = torch.where(target.values > 0, whole[..., None], (seen > 0)[..., None])
    loss = F.binary_cross_entropy_with_logits(pooled, target.values, reduction="none")
    return (loss * counts).sum(), counts.sum()
