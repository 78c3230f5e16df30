"""Optimizers and learning-rate schedules by name."""

from dataclasses import dataclass
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
from frugalseg.training import OPTIMIZERS


def build_optimizer(model: nn.Module, *, name: str, lr: float, weight_decay: float) -> Optimizer:
    """Build the optimizer `name` over the parameters of `model` that require gradients."""
    make = lookup(OPTIMIZERS, name, "optimizer")
    extra: dict[str, Any] = {"momentum": 0.9, "nesterov": True} if name == "sgd" else {}
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer: Optimizer = make(trainable, lr=lr, weight_decay=weight_decay, **extra)
    return optimizer


@dataclass
class Schedule:
    """A learning-rate schedule with one interface: a tick a step, a tick a validation."""

    scheduler: LRScheduler | ReduceLROnPlateau

    def step(self) -> None:
        """Follow an optimizer step."""
        if not isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step()

    def validated(self, score: float) -> None:
        """Follow a validation with its score (higher is better)."""
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(score)


def build_schedule(
    optimizer: Optimizer,
    *,
    name: str,
    steps: int,
    min_lr: float = 0.0,
    factor: float = 0.5,
    patience: int = 4,
) -> Schedule:
    """Build a schedule over `steps` optimizer steps.

    Args:
        name: `none` (constant), `cosine` (down to `min_lr`; Loshchilov 2017), `one_cycle` (up to
            the optimizer's rate over 30 % of the steps, then down; Smith 2018) or `plateau` (times
            `factor` after `patience` validations without a better score).
    """
    if name == "one_cycle":
        return Schedule(OneCycleLR(optimizer, optimizer.param_groups[0]["lr"], total_steps=steps))
    if name == "cosine":
        return Schedule(CosineAnnealingLR(optimizer, T_max=steps, eta_min=min_lr))
    if name == "plateau":
        return Schedule(
            ReduceLROnPlateau(
                optimizer, mode="max", factor=factor, patience=patience, min_lr=min_lr
            )
        )
    return Schedule(LambdaLR(optimizer, lambda step: 1.0))
