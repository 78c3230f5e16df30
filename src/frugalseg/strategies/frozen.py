"""A linear head on the features of a frozen, pretrained encoder, fitted to all bought pixels."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor, nn

from frugalseg.core.constants import IGNORE
from frugalseg.core.randomness import generator
from frugalseg.models.flips import combine
from frugalseg.models.frozen_head import FrozenHead, Head
from frugalseg.settings.strategy import FrozenParams
from frugalseg.training.batches import LabeledBatches
from frugalseg.training.strategy import DirectStrategy, Terms

SMALLEST_STD = 1e-3
TOLERANCE = 1e-6
"""The fit ends when an iteration lowers the loss by less than this share; losses are float32."""


class Frozen(DirectStrategy):
    """Multinomial logistic regression with a Dice term, on pixels drawn from what was bought.

    The encoder keeps its weights. The head minimizes cross-entropy plus soft Dice, both estimated
    from drawn pixels, plus an L2 penalty on its weights for standardized features, by L-BFGS.
    """

    def __init__(self, model: nn.Module, terms: Terms, **options: Any) -> None:
        """Create the strategy from the fields of `FrozenParams`; the loss `terms` are not used."""
        super().__init__(model, terms)
        self._options = FrozenParams(**options)

    def fit(self, labeled: LabeledBatches) -> list[float]:
        """Fit the head to the bought pixels; return the loss at every evaluation.

        Pixels are drawn from the images and from every mirror image that `augment` allows.
        """
        model = cast("FrozenHead", self.model).eval()
        count = self._options.pixels // len(labeled.rows)
        drawn = []
        for row in labeled.rows:
            images = labeled.scaling.tensor(labeled.images[row[None]], labeled.device)
            mask, rng = labeled.masks[row[None]][0], generator(*labeled.key, "pixels", int(row))
            flips = labeled.augment.flips
            drawn.append(sample_image(model, images, mask, count, rng, flips=flips))
        head, losses = fit_head(Sample.join(drawn), model.classes, self._options)
        model.set_head(head)
        return losses


@dataclass(frozen=True)
class Pixels:
    """Pixels of one image.

    Attributes:
        places: int64, P x 2, rows and columns. classes: int64, P.
        weights: float32, P, how many pixels of the image each stands for.
        size: height and width of the image.
    """

    places: NDArray[np.int64]
    classes: NDArray[np.int64]
    weights: NDArray[np.float32]
    size: tuple[int, int]


def draw_pixels(mask: NDArray[np.uint8], count: int, rng: np.random.Generator) -> Pixels:
    """Draw pixels of a mask (uint8, H x W), as many of every class that it shows.

    Args:
        count: pixels in all, or fewer where a class has fewer. IGNORE is never drawn.
    """
    classes = np.setdiff1d(mask, [IGNORE])
    places = [np.zeros((0, 2), np.int64)]
    weights = [np.zeros(0, np.float32)]
    for label in classes:
        members = np.argwhere(mask == label)
        size = min(len(members), -(-count // len(classes)))
        places.append(members[np.sort(rng.choice(len(members), size, replace=False))])
        weights.append(np.full(size, len(members) / size, np.float32))
    where = np.concatenate(places)
    labels = mask[where[:, 0], where[:, 1]].astype(np.int64)
    return Pixels(where, labels, np.concatenate(weights), (mask.shape[0], mask.shape[1]))


@dataclass(frozen=True)
class Sample:
    """Features, float32 P x D, classes, int64 P, and weights, float32 P, of drawn pixels."""

    features: Tensor
    classes: Tensor
    weights: Tensor

    @classmethod
    def join(cls, samples: list["Sample"]) -> "Sample":
        """Return all pixels of several samples."""
        fields = ("features", "classes", "weights")
        return cls(*(torch.cat([getattr(one, name) for one in samples]) for name in fields))


def sample_image(
    model: FrozenHead,
    images: Tensor,
    mask: NDArray[np.uint8],
    count: int,
    rng: np.random.Generator,
    *,
    flips: Collection[str],
) -> Sample:
    """Draw pixels of an image (1 x C x H x W) and of its mirror images, `count` in all.

    Args:
        mask: uint8, H x W. flips: names of `Flip`.
    """
    views = combine(flips)
    share = max(1, count // len(views))
    samples = []
    for dims in views:
        pixels = draw_pixels(np.flip(mask, tuple(dim - 2 for dim in dims)), share, rng)
        samples.append(sample_features(model, images.flip(dims), pixels))
    return Sample.join(samples)


@torch.no_grad()
def sample_features(model: FrozenHead, images: Tensor, pixels: Pixels) -> Sample:
    """Return what the head sees at pixels of an image (1 x C x H x W), before it is upsampled.

    Bilinear interpolation between the features of cells and the linear head can change places, so
    the head's logits of these features are those of the network at these pixels.
    """
    maps = model.decoder(model.encoder(images))
    places = torch.from_numpy(pixels.places[:, ::-1].astype(np.float32)).to(images.device)
    sides = torch.tensor(pixels.size[::-1], device=images.device)
    grid = ((2 * places + 1) / sides - 1)[None, None]
    values = F.grid_sample(maps, grid, padding_mode="border", align_corners=False)
    to = images.device
    return Sample(
        values[0, :, 0].T.contiguous(),
        torch.from_numpy(pixels.classes).to(to),
        torch.from_numpy(pixels.weights).to(to),
    )


def fit_head(sample: Sample, outputs: int, options: FrozenParams) -> tuple[Head, list[float]]:
    """Return the head that fits a sample best, and the loss at every evaluation.

    Args:
        outputs: channels of the logits, see `logit_channels`.
    """
    weights = sample.weights / sample.weights.sum()
    mean = weights @ sample.features
    std = (weights @ (sample.features - mean).square()).sqrt() + SMALLEST_STD
    features = (sample.features - mean) / std
    shape = outputs, features.shape[1] + 1
    losses = []

    def evaluate(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        head = torch.from_numpy(flat).to(features).view(shape).requires_grad_()
        coefficients, bias = head[:, :-1], head[:, -1]
        loss = head_loss(F.linear(features, coefficients, bias), sample.classes, weights)
        loss = loss + options.penalty * coefficients.square().sum()
        (gradient,) = torch.autograd.grad(loss, head)
        losses.append(float(loss.detach()))
        return losses[-1], gradient.flatten().double().cpu().numpy()

    result = minimize(
        evaluate,
        np.zeros(shape).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": options.iterations, "ftol": TOLERANCE},
    )
    fitted = torch.from_numpy(result.x).to(features).view(shape)
    return Head(mean, std, fitted[:, :-1], fitted[:, -1]), losses


def head_loss(logits: Tensor, classes: Tensor, weights: Tensor) -> Tensor:
    """Return cross-entropy plus 1 - soft Dice, the latter's mean over the classes that occur.

    Args:
        logits: P x 1 or P x K+1. classes: int64, P. weights: float32, P, which add up to 1.
    """
    if logits.shape[1] == 1:
        logits = torch.cat([torch.zeros_like(logits), logits], dim=1)
    log = logits.log_softmax(dim=1)
    entropy = -(weights * log.gather(1, classes[:, None])[:, 0]).sum()
    truth = F.one_hot(classes, logits.shape[1])[:, 1:]
    probs = log.exp()[:, 1:]
    both = weights @ (probs * truth)
    occur = weights @ truth.to(weights.dtype)
    dice = 2 * both / (weights @ probs + occur).clamp_min(1e-7)
    return entropy + (1 - dice[occur > 0]).sum() / (occur > 0).sum().clamp_min(1)
