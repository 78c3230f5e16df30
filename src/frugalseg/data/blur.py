"""Random blur of a training batch: out of focus (Gaussian) or in motion."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from skimage.draw import line
from torch import Tensor

from frugalseg.settings.strategy import BlurParams


def gaussian_kernel(sigma: float, size: int) -> NDArray[np.float32]:
    """Return a Gaussian of standard deviation `sigma` on size x size pixels, its sum 1."""
    away = np.arange(size) - size // 2
    profile = np.exp(-(away**2) / (2 * sigma**2))
    kernel = np.outer(profile, profile)
    return np.asarray(kernel / kernel.sum(), np.float32)


def motion_kernel(angle: float, length: int, size: int) -> NDArray[np.float32]:
    """Return a straight path of `length` pixels at `angle` (radians) on size x size, its sum 1."""
    center, half = size // 2, (length - 1) / 2
    dy, dx = round(half * np.sin(angle)), round(half * np.cos(angle))
    kernel = np.zeros((size, size), np.float32)
    kernel[line(center - dy, center - dx, center + dy, center + dx)] = 1
    return np.asarray(kernel / kernel.sum())


def blur(images: Tensor, options: BlurParams, rng: np.random.Generator) -> Tensor:
    """Blur each image with probability `p`; beyond the border it is reflected.

    Args:
        images: float, N x C x H x W.

    Returns:
        The same shape; images that are not blurred are unchanged.
    """
    chosen = np.flatnonzero(rng.random(len(images)) < options.p)
    reach = max(int(np.ceil(2 * options.sigma[1])), options.motion // 2)
    reach = min(reach, min(images.shape[-2:]) - 1)  # as far as reflection can pad
    if not len(chosen) or reach < 1:
        return images
    kernels = np.stack([_draw(options, 2 * reach + 1, rng) for _ in chosen])
    blurred = images.clone()
    blurred[chosen] = _convolve(images[chosen], torch.from_numpy(kernels).to(images.device))
    return blurred


def _draw(options: BlurParams, size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    if rng.random() < 0.5:
        return gaussian_kernel(rng.uniform(*options.sigma), size)
    length = int(rng.integers(3, max(options.motion, 3) + 1))
    return motion_kernel(rng.uniform(0, np.pi), min(length, size), size)


def _convolve(images: Tensor, kernels: Tensor) -> Tensor:
    """Convolve image n (of N x C x H x W) with kernel n (of N x k x k), k odd."""
    number, channels, height, width = images.shape
    reach = kernels.shape[-1] // 2
    padded = F.pad(images, [reach] * 4, mode="reflect")
    # images as channels of one image, so that each has its own kernel
    flat = padded.reshape(1, number * channels, *padded.shape[-2:])
    weight = kernels.repeat_interleave(channels, dim=0)[:, None]
    return F.conv2d(flat, weight, groups=number * channels).view(number, channels, height, width)
