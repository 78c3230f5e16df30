"""Entropy minimization (Grandvalet & Bengio 2004): a semi-supervised strategy in 30 lines.

An arm that uses it has `strategy: entropy_minimization`, a section `unlabeled` (how unlabeled
images are drawn; `{}` for the defaults) and, if the default will not do, `options: {weight: 0.2}`.
"""

from torch import Tensor, nn

from frugalseg.models.predict import to_probs
from frugalseg.strategies.consistency import masked_mean
from frugalseg.training.batches import Batch
from frugalseg.training.strategy import Strategy, Terms


class EntropyMinimization(Strategy):
    """The supervised losses plus the mean entropy of the predictions on unlabeled images."""

    strong_views = 1  # one augmented view of every unlabeled image

    def __init__(self, model: nn.Module, terms: Terms, *, weight: float = 0.1) -> None:
        """Take the network, the supervised terms, and the `weight` of the entropy."""
        super().__init__(model, terms)
        self._weight = weight

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the supervised terms and `entropy`, in nats, times their weights."""
        views = batch.views
        logits = self.model(batch.images)
        terms = self.supervised_losses(logits, batch.target)
        probs = to_probs(self.model(views.strong[0])).clamp(min=1e-7)
        entropy = -(probs * probs.log()).sum(dim=1)
        valid = views.mixed(views.valid, 0)
        return terms | {"entropy": self._weight * masked_mean(entropy, valid)}
