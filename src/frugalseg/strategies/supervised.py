"""Supervised learning from the labels bought: the baseline of every other strategy."""

from torch import Tensor

from frugalseg.training.batches import Batch
from frugalseg.training.strategy import Strategy


class Supervised(Strategy):
    """Minimize the weighted loss terms on the labeled pixels of each batch."""

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return each term times its weight."""
        return self.supervised_losses(self.model(batch.images), batch.target)
