"""FixMatch (Sohn et al. 2020) for pixels, and UniMatch (Yang et al. 2023) as its extension."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from frugalseg.models.predict import to_probs
from frugalseg.settings.strategy import FixMatchParams
from frugalseg.strategies.adaptive_threshold import AdaptiveThreshold
from frugalseg.strategies.consistency import masked_mean
from frugalseg.training.batches import Batch
from frugalseg.training.strategy import Strategy, Terms


class FixMatch(Strategy):
    """The supervised losses, and cross-entropy of strong views with the weak view's pseudo-labels.

    A pixel counts where the weak view's prediction is confident; the mean is over all pixels, so
    that few confident ones weigh little (Sohn et al. 2020, eq. 4). With `unimatch` there are two
    strong views, and a prediction from the weak view's features with some channels dropped; the
    two kinds share the weight half and half (Yang et al. 2023, eq. 6).
    """

    def __init__(self, model: nn.Module, terms: Terms, **options: Any) -> None:
        """Create the strategy from the supervised `terms` and the fields of `FixMatchParams`."""
        super().__init__(model, terms)
        self._options = FixMatchParams(**options)
        self.strong_views = 2 if self._options.unimatch else 1
        if self._options.threshold == "adaptive":
            self.threshold = AdaptiveThreshold(self._options.threshold_momentum)

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the supervised terms, `strong`, and for UniMatch `features`."""
        views, options = batch.views, self._options
        probs = self._predict_weak(views.weak)
        pseudo = probs.argmax(dim=1)
        counted = self._is_confident(probs, views.valid) & views.valid
        sizes = [len(batch.images), *(len(view) for view in views.strong)]
        logits, *strong = self.model(torch.cat([batch.images, *views.strong])).split(sizes)
        terms = self.supervised_losses(logits, batch.target)
        means = []
        for k, strong_logits in enumerate(strong):
            pixels = _cross_entropy(strong_logits, views.mixed(pseudo, k)) * views.mixed(counted, k)
            means.append(masked_mean(pixels, views.mixed(views.valid, k)))
        share = 0.5 if options.unimatch else 1.0
        terms["strong"] = options.weight * share * torch.stack(means).mean()
        if options.unimatch:
            pixels = _cross_entropy(self._predict_perturbed(views.weak), pseudo) * counted
            terms["features"] = options.weight * share * masked_mean(pixels, views.valid)
        return terms

    def _is_confident(self, probs: Tensor, valid: Tensor) -> Tensor:
        """Return the pixels, N x H x W, whose pseudo-label counts."""
        if self._options.threshold != "adaptive":
            return probs.amax(dim=1) >= self._options.threshold
        self.threshold.update(probs, valid)
        return self.threshold.passed(probs)

    @torch.no_grad()
    def _predict_weak(self, images: Tensor) -> Tensor:
        """Return the probabilities of the weak view, computed in evaluation mode."""
        training = self.training
        probs = to_probs(self.model.eval()(images))
        self.train(training)
        return probs

    def _predict_perturbed(self, images: Tensor) -> Tensor:
        """Return logits computed from features of which random channels are dropped."""
        model: Any = self.model
        image, *features = model.encoder(images)
        rate = self._options.feature_dropout
        dropped = [F.dropout2d(feature, rate, training=True) for feature in features]
        logits: Tensor = model.segmentation_head(model.decoder([image, *dropped]))
        return logits


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Return the loss of each pixel, N x H x W, against classes 0 to K."""
    if logits.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(
            logits[:, 0].float(), target.float(), reduction="none"
        )
    return F.cross_entropy(logits.float(), target.long(), reduction="none")
