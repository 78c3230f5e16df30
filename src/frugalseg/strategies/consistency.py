"""Losses on unlabeled images: means over the pixels that count, and the ramp of their weight."""

import math

from torch import Tensor


def masked_mean(values: Tensor, counted: Tensor) -> Tensor:
    """Return the mean of N x H x W `values` where `counted`; 0, with a gradient, if nowhere."""
    weight = counted.to(values.dtype)
    return (values * weight).sum() / weight.sum().clamp(min=1)


def mean_square(one: Tensor, two: Tensor, counted: Tensor) -> Tensor:
    """Return the mean squared difference of probabilities (N x K+1 x H x W) where `counted`."""
    return masked_mean(((one - two) ** 2).mean(dim=1), counted)


def rampup(name: str, step: int, steps: int) -> float:
    """Return the share of its weight, in [0, 1], that a loss has at `step`; 1 from `steps` on.

    Args:
        name: `sigmoid`, exp(-5 (1 - t)^2) (Laine & Aila 2017, section 3.1), `cosine`,
            (1 - cos(pi t)) / 2, or `linear`, t; with t = step / steps.
        step: counted from 0.
        steps: length of the ramp; 0 for none.
    """
    if step >= steps:
        return 1.0
    t = step / steps
    if name == "sigmoid":
        return math.exp(-5 * (1 - t) ** 2)
    return (1 - math.cos(math.pi * t)) / 2 if name == "cosine" else t
