"""Means over the pixels that a loss on unlabeled images counts."""

from torch import Tensor


def masked_mean(values: Tensor, counted: Tensor) -> Tensor:
    """Mean of `values` where `counted`, both N x H x W; 0, with a gradient, if that is nowhere."""
    weight = counted.to(values.dtype)
    return (values * weight).sum() / weight.sum().clamp(min=1)


def mean_square(one: Tensor, two: Tensor, counted: Tensor) -> Tensor:
    """Mean squared difference of probabilities, N x K+1 x H x W, over classes and pixels."""
    return masked_mean(((one - two) ** 2).mean(dim=1), counted)
