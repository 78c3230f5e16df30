"""Weakly supervised learning: tags of images or tiles, and masks as far as some were bought."""

from collections.abc import Mapping

from torch import Tensor, nn

from frugalseg.core.constants import IGNORE
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import Batch
from frugalseg.training.losses import Loss
from frugalseg.training.pooling import log_odds
from frugalseg.training.strategy import Strategy
from frugalseg.training.tag_loss import tag_losses


class Weak(Strategy):
    """Multiple-instance learning: a box's score is pooled from its pixels' (Pathak et al. 2014)."""

    def __init__(
        self,
        model: nn.Module,
        losses: Mapping[str, tuple[float, Loss]],
        options: WeakParams | None = None,
    ) -> None:
        """Take the network, the terms for bought masks with their weights, and how tags teach."""
        super().__init__()
        self.model = model
        self._losses = losses
        self._options = options or WeakParams()

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the tags' term, and the masks' terms where the batch holds bought pixels."""
        logits = self.model(batch.images)
        terms: dict[str, Tensor] = {}
        if batch.tags is not None:
            summed, number = tag_losses(log_odds(logits), batch.tags, self._options)
            terms["tags"] = self._options.weight * summed / number.clamp(min=1)
        if (batch.target != IGNORE).any():
            terms |= {n: w * loss(logits, batch.target) for n, (w, loss) in self._losses.items()}
        return terms or {"tags": logits.sum() * 0}

    def inference_model(self) -> nn.Module:
        """Return the network itself: its mask is the activation map."""
        return self.model
