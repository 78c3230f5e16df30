"""Supervised learning from what was bought: the baseline of every other strategy."""

from collections.abc import Mapping

from torch import Tensor, nn

from frugalseg.training.batches import Batch
from frugalseg.training.losses import Loss
from frugalseg.training.strategy import Strategy


class Supervised(Strategy):
    """Minimize the weighted loss terms on the labeled pixels of each batch."""

    def __init__(self, model: nn.Module, losses: Mapping[str, tuple[float, Loss]]) -> None:
        """Take the network, and for each term its weight and its function."""
        super().__init__()
        self.model = model
        self._losses = losses

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return each term times its weight."""
        logits = self.model(batch.images)
        return {name: w * loss(logits, batch.target) for name, (w, loss) in self._losses.items()}

    def inference_model(self) -> nn.Module:
        """Return the network itself."""
        return self.model
