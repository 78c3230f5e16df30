"""The contract between a strategy and the training loop."""

from collections.abc import Mapping
from functools import cached_property
from typing import Self

from torch import Tensor, nn

from frugalseg.models.freeze import frozen_modules
from frugalseg.training.batches import Batch, LabeledBatches
from frugalseg.training.losses import Loss

Terms = Mapping[str, tuple[float, Loss]]
"""The weight and the function of each supervised loss term, by name."""


class Strategy(nn.Module):
    """How a model learns from a batch; the loop, its optimizer and its clock are not its concern.

    All state (a teacher, counters) lies in modules and buffers, so that `state_dict` is all a
    checkpoint needs.

    Attributes:
        model: the network that is trained.
        strong_views: number of strong views needed of each unlabeled image; 0 for a strategy that
            learns from labeled images only.

    Example: the supervised terms, and a penalty on large logits.

        >>> import torch
        >>> class Calm(Strategy):
        ...     def losses(self, batch, step):
        ...         logits = self.model(batch.images)
        ...         penalty = {"penalty": 0.01 * logits.square().mean()}
        ...         return self.supervised_losses(logits, batch.target) | penalty
        >>> calm = Calm(nn.Conv2d(3, 1, 1), {"mean": (1.0, lambda logits, target: logits.mean())})
        >>> batch = Batch(torch.zeros(2, 3, 4, 4), torch.zeros(2, 4, 4, dtype=torch.uint8))
        >>> sorted(calm.losses(batch, step=0))
        ['mean', 'penalty']
    """

    strong_views: int = 0

    def __init__(self, model: nn.Module, terms: Terms) -> None:
        """Create a strategy that trains `model` with the supervised loss `terms`."""
        super().__init__()
        self.model, self._terms = model, terms

    @cached_property
    def _frozen(self) -> list[nn.Module]:
        return frozen_modules(self)

    def train(self, mode: bool = True) -> Self:
        """Set the mode of what is trained; frozen modules stay in evaluation mode."""
        super().train(mode)
        for module in self._frozen:
            module.eval()
        return self

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the named loss terms of a step; the loop minimizes their sum."""
        raise NotImplementedError

    def supervised_losses(self, logits: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Return each supervised term times its weight."""
        return {name: w * loss(logits, target) for name, (w, loss) in self._terms.items()}

    def after_step(self, step: int) -> None:
        """Run after each optimizer step, for example to move a teacher."""

    def inference_model(self) -> nn.Module:
        """Return the network that is validated and saved."""
        return self.model


class DirectStrategy(Strategy):
    """A strategy that fits its model to all labels at once, without the loop and its batches."""

    def fit(self, labeled: LabeledBatches) -> list[float]:
        """Fit the model to the bought pixels; return the losses on the way, at least one."""
        raise NotImplementedError
