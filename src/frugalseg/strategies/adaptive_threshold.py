"""Class-wise thresholds of pseudo-labels that grow with the model's confidence (FreeMatch)."""

import torch
from torch import Tensor, nn


class AdaptiveThreshold(nn.Module):
    """Thresholds from running means over unlabeled pixels (Wang et al. 2023, eqs. 5 to 7).

    The overall threshold is the running mean of the confidence. Each class has it scaled by its own
    mean probability over that of the most probable class, so that pixels of a rare class count at
    a confidence that the background exceeds everywhere.

    Attributes:
        confidence: float32, scalar: mean confidence.
        probability: float32, K+1: mean probability of each class.
    """

    confidence: Tensor
    probability: Tensor

    def __init__(self, classes: int, momentum: float) -> None:
        """Begin with even odds.

        Args:
            classes: with the background, K+1.
            momentum: share of the running means that a step keeps, in [0, 1).
        """
        super().__init__()
        self.momentum = momentum
        self.register_buffer("confidence", torch.tensor(1 / classes))
        self.register_buffer("probability", torch.full((classes,), 1 / classes))

    @torch.no_grad()
    def update(self, probs: Tensor, valid: Tensor) -> None:
        """Move the running means towards a batch.

        Args:
            probs: N x K+1 x H x W. valid: bool, N x H x W; without any, nothing moves.
        """
        if valid.any():
            pixels = probs.movedim(1, -1)[valid]
            self.confidence.lerp_(pixels.amax(dim=1).mean(), 1 - self.momentum)
            self.probability.lerp_(pixels.mean(dim=0), 1 - self.momentum)

    def passed(self, confidence: Tensor, pseudo: Tensor) -> Tensor:
        """Return where the confidence reaches the threshold of its class, bool N x H x W."""
        thresholds = self.confidence * self.probability / self.probability.max()
        return confidence >= thresholds[pseudo]
