"""Class activation maps: a network's own masks, averaged over scales and mirror images.

A network trained on pooled mask logits needs no gradient to say where it looks: its mask is the map
(Oquab et al. 2015). Averaging over scales and flips is what pseudo-masks are commonly made from
(Ahn and Kwak 2018); the guided filter then draws them to the edges of the image.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.inference.guided_filter import guided_filter
from frugalseg.models.predict import batch_size, to_probs
from frugalseg.models.scaling import Scaling

STRIDE = 32
"""Sides of a scaled image are multiples of it: encoders halve an image five times."""


@dataclass(frozen=True)
class CamOptions:
    """How maps are made; the fields are those of `pseudo` in `params.yaml`.

    Attributes:
        scales: of the image's sides. flips: whether mirror images are averaged in.
        radius: of the guided filter's windows in pixels, 0 for none. epsilon: its regularization.
    """

    scales: tuple[float, ...] = (1.0,)
    flips: bool = True
    radius: int = 0
    epsilon: float = 1e-2


@torch.inference_mode()
def activation_maps(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    options: CamOptions,
    *,
    scaling: Scaling,
    device: torch.device,
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield rows and their maps (float32, K x H x W, in [0, 1]), in order.

    Args:
        images: uint8, N x H x W x C; only a batch is read at a time.
    """
    model.eval()
    batch = batch_size(images.shape, device)
    for start in range(0, len(rows), batch):
        chosen = rows[start : start + batch]
        pictures = images[chosen]
        unit = scaling.unit(pictures, device)
        maps = _averaged(model, unit, options, scaling).cpu().numpy()
        for row, found, picture in zip(chosen, maps, pictures, strict=True):
            yield int(row), refine(found, picture, options)


def refine(
    maps: NDArray[np.float32], image: NDArray[np.uint8], options: CamOptions
) -> NDArray[np.float32]:
    """Draw maps (K x H x W) to the edges of their image (uint8 H x W x C)."""
    if not options.radius:
        return maps
    guide = image.mean(axis=2) / 255
    filtered = [
        guided_filter(guide, one, radius=options.radius, epsilon=options.epsilon) for one in maps
    ]
    return np.clip(np.stack(filtered), 0, 1).astype(np.float32)


def _averaged(model: nn.Module, unit: Tensor, options: CamOptions, scaling: Scaling) -> Tensor:
    """Average foreground probabilities over scales and flips: N x K x H x W."""
    size = unit.shape[2:]
    flips: list[list[int]] = [[], [3], [2], [2, 3]] if options.flips else [[]]
    total: list[Tensor] = []
    for scale in options.scales:
        sides = [max(STRIDE, round(scale * side / STRIDE) * STRIDE) for side in size]
        scaled = F.interpolate(unit, sides, mode="bilinear", antialias=True)
        for flip in flips:
            probs = to_probs(model(scaling.normalize(scaled.flip(flip))))[:, 1:].flip(flip)
            total.append(F.interpolate(probs, size, mode="bilinear"))
    return torch.stack(total).mean(dim=0)
