"""Pseudo-masks with an ignore band, from class activation maps and tags.

A network trained on pooled mask logits needs no gradient to show where it finds a class: its mask
is the map (Oquab et al. 2015). Averaging over scales and flips is how pseudo-masks are commonly
made (Ahn and Kwak 2018); the guided filter then aligns them with the edges of the image.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from torch import Tensor, nn

from frugalseg.core.constants import IGNORE
from frugalseg.core.device import pick_device
from frugalseg.core.rows import Rows
from frugalseg.models.file import load_model
from frugalseg.models.flips import flipped_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import batch_size
from frugalseg.settings.tags import GuidedParams, PseudoParams
from frugalseg.settings.training import Flip

STRIDE = 32
"""Sides of a scaled image are multiples of it: encoders halve an image five times."""

Image = NDArray[np.float64]


@torch.inference_mode()
def activation_maps(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    options: PseudoParams,
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
        pixels = images[chosen]
        maps = _averaged(model, scaling.unit(pixels, device), options, scaling).cpu().numpy()
        for row, of_image, image in zip(chosen, maps, pixels, strict=True):
            yield int(row), refine(of_image, image, options.guided)


def load_activation_maps(
    model_file: Path, images: Rows, rows: NDArray[np.int64], options: PseudoParams
) -> tuple[list[str], Iterator[tuple[int, NDArray[np.float32]]]]:
    """Return the classes of a model file, and its `activation_maps` on the device of this job."""
    device = pick_device()
    model, card = load_model(model_file)
    network = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    scaling = Scaling(card["normalize"])
    maps = activation_maps(network, images, rows, options, scaling=scaling, device=device)
    return card["classes"], maps


def refine(
    maps: NDArray[np.float32], image: NDArray[np.uint8], guided: GuidedParams | None
) -> NDArray[np.float32]:
    """Align maps (K x H x W) with the edges of their image (uint8 H x W x C); None keeps them."""
    if guided is None:
        return maps
    guide = image.mean(axis=2) / 255
    filtered = [guided_filter(guide, one, guided) for one in maps]
    return np.clip(np.stack(filtered), 0, 1).astype(np.float32)


def guided_filter(guide: Image, source: Image, options: GuidedParams) -> Image:
    """Filter `source` by a local linear model of `guide` (He, Sun and Tang 2013, eq. 5, 6 and 8).

    Args:
        guide: H x W, gray in [0, 1]. source: H x W, what is filtered.
        options: `radius` of the square windows in pixels, and `epsilon`, the variance of the guide
            below which a window counts as flat and is averaged.

    Returns:
        float64, H x W; both inputs are mirrored beyond the rim.
    """
    size = 2 * options.radius + 1

    def mean(values: Image) -> Image:
        return np.asarray(uniform_filter(values, size, mode="reflect"), np.float64)

    guide, source = guide.astype(np.float64), source.astype(np.float64)
    mean_guide, mean_source = mean(guide), mean(source)
    variance = mean(guide * guide) - mean_guide**2
    slope = (mean(guide * source) - mean_guide * mean_source) / (variance + options.epsilon)
    offset = mean_source - slope * mean_guide
    return mean(slope) * guide + mean(offset)


def _averaged(model: nn.Module, unit: Tensor, options: PseudoParams, scaling: Scaling) -> Tensor:
    """Average foreground probabilities over scales and flips: N x K x H x W."""
    size = unit.shape[2:]
    flips = tuple(Flip) if options.flips else ()
    maps: list[Tensor] = []
    for scale in options.scales:
        sides = [max(STRIDE, round(scale * side / STRIDE) * STRIDE) for side in size]
        scaled = F.interpolate(unit, sides, mode="bilinear", antialias=True)
        for probs in flipped_probs(model, scaling.normalize(scaled), flips):
            maps.append(F.interpolate(probs[:, 1:], size, mode="bilinear"))
    return torch.stack(maps).mean(dim=0)


def allowed_classes(regions: NDArray[np.uint8], values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return where the tags of an image allow each class, bool, K x H x W.

    Args:
        regions: uint8, H x W, box of a pixel, or 255 where nothing was tagged.
        values: M x K, whether a box holds a class.
    """
    table = np.ones((256, values.shape[1]), bool)
    table[: len(values)] = values > 0
    return np.moveaxis(table[regions], -1, 0)


def pseudo_mask(
    maps: NDArray[np.float32], allowed: NDArray[np.bool_], *, low: float, high: float
) -> NDArray[np.uint8]:
    """Turn the maps of an image into a mask by two thresholds; pixels between them are ignored.

    Args:
        maps: float32, K x H x W, in [0, 1].
        allowed: K x H x W; a class that the tags exclude is background however high its map.
        low: below it everything is background. high: from it on the strongest class wins.

    Returns:
        uint8, H x W: 0 background, k class k, 255 ignored.
    """
    scores = np.where(allowed, maps, 0)
    strongest = scores.max(axis=0)
    mask = np.where(strongest >= high, scores.argmax(axis=0) + 1, IGNORE)
    mask[(strongest < low) | ~allowed.any(axis=0)] = 0
    return mask.astype(np.uint8)
