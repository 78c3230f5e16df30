"""Learners that cost seconds: logistic regressions on pixels of the frozen, bundled encoder."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.models.build import build_model

Array = NDArray[Any]
STAGES = {"head": slice(2, 5), "texture": slice(1, 3)}


def normalized(images: Array) -> Tensor:
    """Return uint8 N x H x W x C images as float32 N x C x H x W, as ImageNet wants them."""
    pixels = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() / 255
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (pixels - mean[:, None, None]) / std[:, None, None]


def network(seed: int) -> Any:
    """Return a small U-Net with the bundled encoder."""
    return build_model(
        arch="unet", encoder="tu-tf_efficientnet_lite0", weights="bundled", classes=1, channels=3,
        seed=seed, decoder_channels=(64, 32, 16, 16),
    )  # fmt: skip


def dice(preds: Array, masks: Array) -> float:
    """Return the mean Dice of N x H x W predictions over images with a defect."""
    overlap = (preds & masks).sum(axis=(1, 2))
    return float(np.mean(2 * overlap / (preds.sum(axis=(1, 2)) + masks.sum(axis=(1, 2)))))


@torch.inference_mode()
def features(images: Array, masks: Array, stages: slice) -> tuple[Tensor, Array]:
    """Return standardized features, N x D x h x w at a quarter of the size, and masks alike."""
    encoder = network(0).encoder.eval()
    maps = []
    for batch in np.array_split(np.arange(len(images)), max(1, len(images) // 16)):
        levels = encoder(normalized(images[batch]))[stages]
        size = [side // 4 for side in masks.shape[1:]]
        resized = [nn.functional.interpolate(x, size, mode="bilinear") for x in levels]
        maps.append(torch.cat(resized, 1).half())
    stacked = torch.cat(maps).float()
    mean = stacked.mean((0, 2, 3), keepdim=True)
    std = stacked.std((0, 2, 3), keepdim=True) + 1e-3
    small = nn.functional.avg_pool2d(torch.from_numpy(masks).float()[:, None], 4)[:, 0]
    return (stacked - mean) / std, (small >= 0.5).numpy()


def fit_head(pixels: Tensor, target: Tensor) -> tuple[Tensor, float]:
    """Return the weights (the bias is the last) of a ridge logistic regression, and a threshold."""
    weights = torch.zeros(pixels.shape[1] + 1, requires_grad=True)
    share = target.mean().clamp(1e-4, 1)
    balance = torch.where(target > 0, (0.5 / share).sqrt(), 1.0)
    optimizer = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        logits = pixels @ weights[:-1] + weights[-1]
        each = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
        loss: Tensor = (balance * each).mean() + 1e-3 * weights[:-1].square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        logits = pixels @ weights[:-1] + weights[-1]
        cuts = torch.quantile(logits, torch.linspace(0.3, 0.999, 60))
        scores = [
            2 * (target * (logits > c)).sum() / (target.sum() + (logits > c).sum()) for c in cuts
        ]
    return weights.detach(), float(cuts[int(torch.stack(scores).argmax())])


@dataclass(frozen=True)
class Head:
    """A fitted logistic regression on the maps of all images."""

    weights: Tensor
    threshold: float

    @classmethod
    def of(
        cls, maps: Tensor, masks: Array, rows: Array, rng: np.random.Generator, most: int = 40_000
    ) -> "Head | None":
        """Fit the pixels of some images, `most` of them; None without any foreground."""
        pixels = maps[torch.from_numpy(rows)].permute(0, 2, 3, 1).flatten(0, 2)
        target = torch.from_numpy(masks[rows]).flatten().float()
        if len(target) > most:
            kept = torch.from_numpy(rng.choice(len(target), most, replace=False))
            pixels, target = pixels[kept], target[kept]
        return cls(*fit_head(pixels, target)) if target.sum() else None

    def logits(self, maps: Tensor, rows: Array) -> Tensor:
        """Return the logits of some images, n x h x w."""
        found = torch.einsum("ndhw,d->nhw", maps[torch.from_numpy(rows)], self.weights[:-1])
        return found + self.weights[-1]

    def dice(self, maps: Tensor, masks: Array, rows: Array) -> float:
        """Return the mean Dice of some images."""
        return dice((self.logits(maps, rows) > self.threshold).numpy(), masks[rows])
