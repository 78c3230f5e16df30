"""Random brightness and contrast of a training batch."""

import numpy as np
import torch
from torch import Tensor


def jitter(
    images: Tensor, *, brightness: float, contrast: float, rng: np.random.Generator
) -> Tensor:
    """Change each image's contrast about its mean, and its brightness, by up to the given shares.

    Args:
        images: float in [0, 1], N x C x H x W.

    Returns:
        The same shape, clipped to [0, 1].
    """
    if not brightness and not contrast:
        return images
    strength = torch.from_numpy(rng.uniform(-1, 1, (2, len(images), 1, 1, 1)).astype(np.float32))
    strength = strength.to(images.device)
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    changed = (images - mean) * (1 + contrast * strength[0]) + mean + brightness * strength[1]
    return changed.clamp(0, 1)
