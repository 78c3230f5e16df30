"""Optimizers and learning-rate schedules."""

from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LambdaLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
)

from frugalseg.core.registry import lookup
from frugalseg.settings.training import TrainingParams
from frugalseg.training import OPTIMIZERS

Schedule = LRScheduler | ReduceLROnPlateau


def build_optimizer(model: nn.Module, options: TrainingParams) -> Optimizer:
    """Build the optimizer of the parameters of `model` that require gradients."""
    make = lookup(OPTIMIZERS, options.optimizer, "optimizer")
    is_sgd = options.optimizer == "sgd"
    extra: dict[str, Any] = {"momentum": 0.9, "nesterov": True} if is_sgd else {}
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer: Optimizer = make(
        trainable, lr=options.lr, weight_decay=options.weight_decay, fused=True, **extra
    )
    return optimizer


def build_schedule(optimizer: Optimizer, options: TrainingParams) -> Schedule:
    """Build the learning-rate schedule over `options.length` optimizer steps.

    `none` is constant, `cosine` falls to `min_lr` (Loshchilov 2017), `one_cycle` rises to the
    optimizer's rate over 30 % of the steps and then falls (Smith 2018), and `plateau` multiplies
    by `plateau_factor` after `plateau_patience` validations without a better score.
    """
    if options.schedule == "one_cycle":
        peak = optimizer.param_groups[0]["lr"]
        return OneCycleLR(optimizer, peak, total_steps=options.length)
    if options.schedule == "cosine":
        return CosineAnnealingLR(optimizer, T_max=options.length, eta_min=options.min_lr)
    if options.schedule == "plateau":
        return ReduceLROnPlateau(
            optimizer,
            mode="max",
            factor=options.plateau_factor,
            patience=options.plateau_patience,
            min_lr=options.min_lr,
        )
    return LambdaLR(optimizer, lambda step: 1.0)


def advance(schedule: Schedule, score: float | None = None) -> None:
    """Move a schedule on: after an optimizer step, or after a validation with its `score`."""
    if isinstance(schedule, ReduceLROnPlateau):
        if score is not None:
            schedule.step(score)
    elif score is None:
        schedule.step()
