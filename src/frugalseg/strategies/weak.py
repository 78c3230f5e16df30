"""Weakly supervised learning from tags of images or tiles, and from any masks bought."""

from torch import Tensor, nn

from frugalseg.core.constants import IGNORE
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import Batch
from frugalseg.training.strategy import Strategy, Terms
from frugalseg.training.tag_loss import log_odds, tag_losses


class Weak(Strategy):
    """Multiple-instance learning: a box's score is pooled from its pixels (Pathak et al. 2014).

    The model's mask also serves as its activation map.
    """

    def __init__(self, model: nn.Module, terms: Terms, options: WeakParams | None = None) -> None:
        """Create the strategy; `terms` apply to bought masks, `options` to tags."""
        super().__init__(model, terms)
        self._options = options or WeakParams()

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the term of the tags, and the mask terms where the batch holds bought pixels."""
        logits = self.model(batch.images)
        terms: dict[str, Tensor] = {}
        if batch.tags is not None:
            summed, number = tag_losses(log_odds(logits), batch.tags, self._options)
            terms["tags"] = self._options.weight * summed / number.clamp(min=1)
        if (batch.target != IGNORE).any():
            terms |= self.supervised_losses(logits, batch.target)
        return terms or {"tags": logits.sum() * 0}
