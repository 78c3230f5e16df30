"""Class-wise thresholds of pseudo-labels that grow with the model's confidence (FreeMatch)."""

import torch
from torch import Tensor, nn


class AdaptiveThreshold(nn.Module):
    """Thresholds from running means over unlabeled pixels (Wang et al. 2023, eqs. 5 to 7).

    The overall threshold is the running mean of the confidence. A class has it scaled by its own
    mean probability over that of the most probable class, so that the pixels of a rare class count
    although the model is less sure of them than of the background.

    The means are unbiased from the first batch on (as those of Adam), where the paper begins with
    even odds: a run here has tens of steps, not a million.

    Attributes:
        confidence: sum of the batches' mean confidence, with weights that decay.
        probability: the same of each class's mean probability; 256, of which the first K+1 count.
        weight: sum of the weights.
    """

    confidence: Tensor
    probability: Tensor
    weight: Tensor

    def __init__(self, momentum: float) -> None:
        """Begin without any batch.

        Args:
            momentum: share of the running means that a step keeps, in [0, 1).
        """
        super().__init__()
        self.momentum = momentum
        self.register_buffer("confidence", torch.zeros(()))
        self.register_buffer("probability", torch.zeros(256))
        self.register_buffer("weight", torch.zeros(()))

    @torch.no_grad()
    def update(self, probs: Tensor, valid: Tensor) -> None:
        """Move the running means towards those of a batch.

        Args:
            probs: N x K+1 x H x W. valid: bool, N x H x W; without any, nothing moves.
        """
        if valid.any():
            pixels = probs.movedim(1, -1)[valid]
            share = 1 - self.momentum
            self.confidence.lerp_(pixels.amax(dim=1).mean(), share)
            self.probability[: pixels.shape[1]].lerp_(pixels.mean(dim=0), share)
            self.weight.lerp_(torch.ones_like(self.weight), share)

    def passed(self, probs: Tensor) -> Tensor:
        """Return where the confidence reaches the threshold of its class, bool N x H x W."""
        confidence, pseudo = probs.max(dim=1)
        overall = self.confidence / self.weight
        return confidence >= (overall * self.probability / self.probability.max())[pseudo]
