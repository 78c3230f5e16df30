"""Freeze the early stages of an encoder, whatever library it comes from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError

PROBE_SIDE = 128
"""Side in pixels of an image to try a network with; the deepest known encoder halves it 7 times."""


def stage_parameters(encoder: nn.Module) -> list[list[nn.Parameter]]:
    """Return the parameters of each stage, early ones first.

    Stage k has the parameters that the encoder's k-th feature map depends on and no earlier one
    does. They are read off the gradients, since encoders of different libraries share no layout.
    """
    left = list(encoder.parameters())
    stages = []
    with _trainable(left):  # also the stages that are frozen already
        for feature in _features(encoder):
            if not left or not feature.requires_grad:  # the first feature may be the image itself
                continue
            grads = torch.autograd.grad(feature.sum(), left, retain_graph=True, allow_unused=True)
            pairs = list(zip(left, grads, strict=True))
            stages.append([parameter for parameter, gradient in pairs if gradient is not None])
            left = [parameter for parameter, gradient in pairs if gradient is None]
    return [stage for stage in stages if stage]


def freeze_stages(encoder: nn.Module, count: int) -> None:
    """Freeze the parameters of the first `count` stages of an encoder.

    Their batch statistics stay fixed too, since a strategy keeps `frozen_modules` in evaluation
    mode.

    Raises:
        FrugalsegError: the encoder has fewer stages.
    """
    if not count:
        return
    stages = stage_parameters(encoder)
    if count > len(stages):
        raise FrugalsegError(
            f"frozen_stages is {count}, but the encoder has {len(stages)} stages. Lower it."
        )
    for parameter in chain.from_iterable(stages[:count]):
        parameter.requires_grad_(False)


def frozen_modules(model: nn.Module) -> list[nn.Module]:
    """Return the outermost modules that have parameters, all of them frozen."""
    parameters = list(model.parameters())
    if parameters and not any(parameter.requires_grad for parameter in parameters):
        return [model]
    return list(chain.from_iterable(map(frozen_modules, model.children())))


@contextmanager
def _trainable(parameters: Sequence[nn.Parameter]) -> Iterator[None]:
    """Let parameters take gradients, and be as they were afterwards."""
    before = [parameter.requires_grad for parameter in parameters]
    for parameter in parameters:
        parameter.requires_grad_(True)
    try:
        yield
    finally:
        for parameter, trainable in zip(parameters, before, strict=True):
            parameter.requires_grad_(trainable)


def _features(encoder: nn.Module) -> list[Tensor]:
    """Return the feature maps of an empty image; the encoder's state does not change."""
    first = next(module for module in encoder.modules() if isinstance(module, nn.Conv2d))
    image = first.weight.new_zeros((1, first.in_channels, PROBE_SIDE, PROBE_SIDE))
    training = {module: module.training for module in encoder.modules()}
    features: list[Tensor] = encoder.eval()(image)
    for module, mode in training.items():
        module.training = mode
    return features
