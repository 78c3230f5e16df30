"""Freezing the early stages of an encoder, whatever library it comes from."""

from typing import cast

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError

_PROBE_SIDE = 128
"""Side of the image that the stages are found with; the deepest known encoder halves it 7 times."""


def stage_parameters(encoder: nn.Module) -> list[list[nn.Parameter]]:
    """Return the parameters of each stage, early ones first.

    Stage k is what the encoder's k-th feature map depends on and no earlier one does, read off the
    gradient's graph: encoders of different libraries have no other common form.
    """
    named = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    known: set[int] = set()
    stages = []
    for feature in _features(encoder):
        used = [p for p in _used(feature, named) if id(p) not in known]
        known |= {id(parameter) for parameter in used}
        if used:
            stages.append(used)
    return stages


def freeze_stages(encoder: nn.Module, count: int) -> list[nn.Module]:
    """Take the gradients from the first `count` stages of an encoder.

    Returns:
        The modules that are frozen whole. The caller keeps them in evaluation mode, so that their
        batch statistics stay as they are too.

    Raises:
        FrugalsegError: the encoder has fewer stages.
    """
    if not count:
        return []
    stages = stage_parameters(encoder)
    if count > len(stages):
        raise FrugalsegError(
            f"frozen_stages is {count}, but the encoder has {len(stages)} stages. Lower it."
        )
    for stage in stages[:count]:
        for parameter in stage:
            parameter.requires_grad_(False)
    return [module for module in encoder.modules() if _is_frozen(module)]


def _is_frozen(module: nn.Module) -> bool:
    parameters = list(module.parameters())
    return bool(parameters) and not any(p.requires_grad for p in parameters)


def _features(encoder: nn.Module) -> list[Tensor]:
    """Return the feature maps of an empty image; the encoder's state is left as it was."""
    first = next(module for module in encoder.modules() if isinstance(module, nn.Conv2d))
    weight = first.weight
    image = weight.new_zeros((1, first.in_channels, _PROBE_SIDE, _PROBE_SIDE))
    training = {module: module.training for module in encoder.modules()}
    features = cast("list[Tensor]", encoder.eval()(image))
    for module, mode in training.items():
        module.training = mode
    return features


def _used(feature: Tensor, parameters: list[nn.Parameter]) -> list[nn.Parameter]:
    if not feature.requires_grad:  # the image itself
        return []
    gradients = torch.autograd.grad(feature.sum(), parameters, retain_graph=True, allow_unused=True)
    return [p for p, gradient in zip(parameters, gradients, strict=True) if gradient is not None]
