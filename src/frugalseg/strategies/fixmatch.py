"""FixMatch (Sohn et al. 2020) for pixels, and UniMatch (Yang et al. 2023) as its extension."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from frugalseg.models.predict import to_probs
from frugalseg.strategies.consistency import masked_mean
from frugalseg.training.batches import Batch
from frugalseg.training.losses import Loss
from frugalseg.training.strategy import Strategy, views_of
from frugalseg.training.views import Views


class FixMatch(Strategy):
    """The supervised losses, and cross-entropy of strong views with the weak view's pseudo-labels.

    A pixel counts where the weak view's prediction is confident; the mean is over all pixels, so
    that few confident ones weigh little (Sohn et al. 2020, eq. 4). With `unimatch` there are two
    strong views, and a prediction from the weak view's features of which channels are dropped;
    they share the weight half and half (Yang et al. 2023, eq. 6).
    """

    def __init__(
        self,
        model: nn.Module,
        losses: Mapping[str, tuple[float, Loss]],
        *,
        threshold: float,
        weight: float,
        unimatch: bool,
        feature_dropout: float,
    ) -> None:
        """Take the network, the supervised terms, and what makes a pseudo-label count.

        Args:
            threshold: least probability of a pseudo-label's class.
            weight: of the loss on unlabeled images.
            feature_dropout: share of feature channels that UniMatch drops.
        """
        super().__init__()
        self.model = model
        self.strong_views = 2 if unimatch else 1
        self._losses, self._threshold, self._weight = losses, threshold, weight
        self._unimatch, self._dropout = unimatch, feature_dropout

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the supervised terms, `strong`, and for UniMatch `features`."""
        views = views_of(batch)
        probs = self._weak(views.weak)
        confidence, pseudo = probs.max(dim=1)
        counted = (confidence >= self._threshold) & views.valid
        sizes = [len(batch.images), *(len(view) for view in views.strong)]
        logits, *guesses = self.model(torch.cat([batch.images, *views.strong])).split(sizes)
        terms = {n: w * loss(logits, batch.target) for n, (w, loss) in self._losses.items()}
        share = 0.5 if self._unimatch else 1.0
        strong = torch.stack(
            [
                self._term(guess, views.mixed(pseudo, k), views.mixed(counted, k), views, k)
                for k, guess in enumerate(guesses)
            ]
        ).mean()
        terms["strong"] = self._weight * share * strong
        if self._unimatch:
            term = _cross_entropy(self._perturbed(views.weak), pseudo) * counted
            terms["features"] = self._weight * share * masked_mean(term, views.valid)
        return terms

    def inference_model(self) -> nn.Module:
        """Return the network itself."""
        return self.model

    @torch.no_grad()
    def _weak(self, images: Tensor) -> Tensor:
        """Return what the network says of the weak view, in evaluation mode."""
        training = self.model.training
        probs = to_probs(self.model.eval()(images))
        self.model.train(training)
        return probs

    def _term(
        self, logits: Tensor, pseudo: Tensor, counted: Tensor, views: Views, view: int
    ) -> Tensor:
        term = _cross_entropy(logits, pseudo) * counted
        return masked_mean(term, views.mixed(views.valid, view))

    def _perturbed(self, images: Tensor) -> Tensor:
        """Return logits of images from features whose channels are dropped at random."""
        model = self.model
        features = [
            F.dropout2d(feature, self._dropout, training=True) if place else feature
            for place, feature in enumerate(model.encoder(images))  # type: ignore[operator]
        ]
        logits: Tensor = model.segmentation_head(model.decoder(features))  # type: ignore[operator]
        return logits


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Return the loss of each pixel, N x H x W, against classes 0 to K."""
    if logits.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(
            logits[:, 0].float(), target.float(), reduction="none"
        )
    return F.cross_entropy(logits.float(), target.long(), reduction="none")
