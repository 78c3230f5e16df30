"""Random geometry of a training batch: one affine map an image, drawn once, applied to any view.

Flips, quarter turns, rotation, scale, shift and crop are one 2 x 3 matrix from output to input
coordinates, so that image, target and every further view stay aligned by construction.
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.settings.augment import AffineParams, AugmentParams

STILL = AffineParams(p=0.0)


def output_size(augment: AugmentParams, size: tuple[int, int]) -> tuple[int, int]:
    """Return height and width of the views of images of `size`."""
    return augment.crop.size if augment.crop else size


def draw(
    augment: AugmentParams,
    target: NDArray[np.uint8],
    rng: np.random.Generator,
    around: NDArray[np.bool_] | None = None,
    partial: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    """Draw one affine map an image of a batch.

    Args:
        augment: what may be drawn; its brightness and contrast are not used.
        target: uint8, N x H x W; shows where foreground is.
        around: N; whether an image's crop is drawn around a labeled foreground pixel, if it has
            one; by default no crop is.
        partial: N; whether only regions of an image are labeled, so that its crop is drawn around a
            labeled pixel; by default no image is.

    Returns:
        float32, N x 2 x 3: maps centered output pixels (x, y, 1) to centered input pixels.
    """
    size = target.shape[1:]
    out = output_size(augment, (size[0], size[1]))
    maps = np.empty((len(target), 2, 3), np.float32)
    for number, mask in enumerate(target):
        maps[number, :, :2], moved = _linear(augment, out, rng)
        centers = np.zeros(0, np.int64)  # pixels, row by row, to draw a crop around one of
        if around is not None and around[number]:
            centers = np.flatnonzero((mask > 0) & (mask != IGNORE))
        if augment.crop and partial is not None and partial[number] and not len(centers):
            centers = np.flatnonzero(mask != IGNORE)
        maps[number, :, 2] = _offset(augment, mask.shape, out, centers, moved, rng)
    return maps


def _linear(
    augment: AugmentParams, out: tuple[int, ...], rng: np.random.Generator
) -> tuple[NDArray[np.float64], bool]:
    """Draw mirror, turn, rotation and scale as a 2 x 2 matrix over (x, y).

    Also return whether this image is rotated, scaled and shifted at all.
    """
    mirror = np.diag(np.where(rng.random(2) < (augment.hflip, augment.vflip), -1.0, 1.0))
    # a quarter turn of an oblong frame would reach outside the image
    turns = rng.integers(4) if out[0] == out[1] else 2 * rng.integers(2)
    angle = np.pi / 2 * turns * augment.rot90
    affine, scale = augment.affine or STILL, 1.0
    strength = rng.uniform(-1, 1, 2)
    moved = bool(rng.random() < affine.p)
    if moved:
        angle += np.deg2rad(affine.rotate) * strength[0]
        scale += affine.scale * strength[1]
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]]) / scale @ mirror, moved


def _offset(
    augment: AugmentParams,
    shape: tuple[int, ...],
    out: tuple[int, ...],
    centers: NDArray[np.int64],
    moved: bool,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw where the output's center lies, in pixels (x, y) from the input's center."""
    size = np.array(shape)
    affine, crop = augment.affine or STILL, augment.crop
    shift = rng.uniform(-1, 1, 2) * affine.shift * size if moved else np.zeros(2)
    if crop is None:
        return np.asarray(shift[::-1])
    free = np.maximum(size - out, 0)
    corner = rng.random(2) * free
    if len(centers):
        pixel = np.array(np.unravel_index(centers[rng.integers(len(centers))], shape))
        aside = rng.uniform(-1, 1, 2) * crop.jitter * np.array(out)
        corner = np.clip(pixel + 0.5 - np.array(out) / 2 + aside, 0, free)
    center = np.round(corner) + np.array(out) / 2 - size / 2
    return np.asarray(center[::-1])


def grid(maps: NDArray[np.float32], size: tuple[int, int], out: tuple[int, int]) -> Tensor:
    """Return the sampling grid, float32 N x h x w x 2, of `maps` from images of `size` to `out`."""
    half_in = np.array(size[::-1], np.float32) / 2
    half_out = np.array(out[::-1], np.float32) / 2
    theta = maps.copy()
    theta[:, :, :2] *= half_out[None, None, :]
    theta /= half_in[None, :, None]
    return F.affine_grid(torch.from_numpy(theta), [len(maps), 1, *out], align_corners=False)


def warp_images(images: Tensor, where: Tensor) -> Tensor:
    """Sample images (float, N x C x H x W) bilinearly at a grid; reflected at the border."""
    warped = F.grid_sample(
        images, where, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    return warped.contiguous(memory_format=torch.channels_last)


def warp_target(target: Tensor, where: Tensor) -> Tensor:
    """Sample targets (uint8, N x H x W) at the nearest pixel; IGNORE outside the image."""
    # grid_sample pads with 0, so IGNORE has to be 0 while it runs
    shifted = target[:, None].float() - IGNORE
    warped = F.grid_sample(shifted, where, mode="nearest", align_corners=False)
    return (warped[:, 0] + IGNORE).round().to(torch.uint8)
