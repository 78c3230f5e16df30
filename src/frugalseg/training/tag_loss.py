"""What a tag demands of a prediction: binary cross-entropy of the pooled scores of its box."""

import torch
import torch.nn.functional as F
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import TagTarget

MIN_VISIBLE = 0.9
"""Least share of a box that a crop must show for its "present" to hold for the crop."""


def tag_losses(scores: Tensor, target: TagTarget, options: WeakParams) -> tuple[Tensor, Tensor]:
    """Return the summed binary cross-entropy over all tags that can be judged, and their number.

    Absence holds for any part of a box; presence only for a box that is seen whole.

    Args:
        scores: log odds, float N x K x H x W.
    """
    pooled, seen = pool(scores, target.regions, target.values.shape[1], options)
    whole = (seen >= MIN_VISIBLE * target.areas) & (seen > 0)
    counts = torch.where(target.values > 0, whole[..., None], (seen > 0)[..., None])
    loss = F.binary_cross_entropy_with_logits(pooled, target.values, reduction="none")
    return (loss * counts).sum(), counts.sum()


def log_odds(logits: Tensor) -> Tensor:
    """Return log p_k / (1 - p_k) of the K foreground classes, float32 N x K x H x W.

    Args:
        logits: N x 1 x H x W (sigmoid) or N x K+1 x H x W (softmax, background first).
    """
    logits = logits.float()
    if logits.shape[1] == 1:
        return logits
    others = [
        torch.cat([logits[:, :k], logits[:, k + 1 :]], dim=1).logsumexp(dim=1)
        for k in range(1, logits.shape[1])
    ]
    return logits[:, 1:] - torch.stack(others, dim=1)


def pool(scores: Tensor, regions: Tensor, boxes: int, options: WeakParams) -> tuple[Tensor, Tensor]:
    """Pool scores over the pixels of every box.

    `pooling` is `max` (Oquab et al. 2015), `topk`, the mean of the highest `share` of the box's
    pixels, rounded up, or `lse`, log-mean-exp with `sharpness` r (Pinheiro and Collobert 2015,
    eq. 6).

    Args:
        scores: float, N x K x H x W. regions: uint8, N x H x W, box of a pixel or 255.
        boxes: M, the largest number of boxes of an image.

    Returns:
        Pooled scores, N x M x K, 0 where no pixel is visible; and visible pixels, float N x M.
    """
    images, classes = scores.shape[:2]
    if not boxes:
        return scores.new_zeros(images, 0, classes), scores.new_zeros(images, 0)
    number = torch.arange(images, device=regions.device)[:, None, None] * boxes + regions
    number = torch.where(regions == IGNORE, images * boxes, number).flatten()
    seen = torch.bincount(number, minlength=images * boxes + 1)[: images * boxes]
    order = torch.argsort(number, stable=True)
    place = torch.arange(max(1, int(seen.max())), device=regions.device)
    inside = place < seen[:, None]
    first = seen.cumsum(0) - seen
    pixel = order[(first[:, None] + place).clamp(max=len(order) - 1)]
    values = scores.permute(0, 2, 3, 1).reshape(-1, classes)[pixel]  # boxes x pixels x classes
    values = values.masked_fill(~inside[..., None], float("-inf"))
    pooled = _pool_pixels(values, seen.clamp(min=1), options)
    pooled = torch.where(seen[:, None] > 0, pooled, torch.zeros_like(pooled))
    return pooled.view(images, boxes, classes), seen.view(images, boxes).float()


def _pool_pixels(values: Tensor, seen: Tensor, options: WeakParams) -> Tensor:
    """Pool boxes x pixels x classes over the `seen` pixels of each box; the rest is -inf."""
    if options.pooling == "max":
        return values.amax(dim=1)
    if options.pooling == "lse":
        total = (options.sharpness * values).logsumexp(dim=1)
        return (total - seen[:, None].log()) / options.sharpness
    count = (options.share * seen).ceil().clamp(min=1)
    top = values.topk(int(count.max()), dim=1).values
    taken = torch.arange(top.shape[1], device=top.device) < count[:, None]
    summed = torch.where(taken[..., None], top, torch.zeros_like(top)).sum(dim=1)
    return summed / count[:, None]
