"""Learning curves of heads on frozen features: hundreds of fits from two passes over the images."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from frugalseg.core.constants import IGNORE
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.split import NO_PAIRS, split, training_pool
from frugalseg.metrics.counts import Counts, count
from frugalseg.metrics.overlap import dice
from frugalseg.models.frozen_head import STRIDE, FrozenHead, Head
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import FrozenParams
from frugalseg.settings.training import Flip
from frugalseg.strategies.frozen import Sample, fit_head, sample_image

TEST = 0.3
"""Share of the labeled images that a draw is tested on, unless there are official test images."""
WHOLE = 1.25
"""The last budget is the whole pool if that is at least so many times the last power of two."""

Show = Callable[[float, str], None]


@dataclass(frozen=True)
class Draw:
    """One seed: the rows that it labels, in their order, and those that it is tested on."""

    seed: int
    order: NDArray[np.int64]
    test: NDArray[np.int64]


def draw_labels(
    index: pd.DataFrame, seeds: Sequence[int], pairs: pd.DataFrame = NO_PAIRS
) -> list[Draw]:
    """Return for each seed its own split of the labeled images, and its own order of labels.

    Args:
        index: of the stack. pairs: near-duplicates, which stay on one side.
    """
    labeled = index[index["has_mask"]].reset_index(drop=True)
    draws = []
    for seed in seeds:
        test_rng, unused = generator(seed, "split", "test"), generator(seed, "split", "val")
        parts = split(
            labeled, test=TEST, validation=0, test_rng=test_rng, validation_rng=unused, pairs=pairs
        ).parts
        pool, rows = training_pool(labeled, parts), labeled["row"].to_numpy(np.int64)
        order = generator(seed, "start").permutation(len(pool))
        draws.append(
            Draw(seed, pool["row"].to_numpy(np.int64)[order], rows[parts["part"] == "test"])
        )
    return draws


def budgets(size: int) -> list[int]:
    """Return 1, 2, 4, ... labeled images of a pool of `size`, and the whole pool.

    >>> budgets(28)
    [1, 2, 4, 8, 16, 28]
    >>> budgets(9)
    [1, 2, 4, 9]
    """
    powers = [2**k for k in range(size.bit_length()) if WHOLE * 2**k <= size]
    return [*powers, size]


@dataclass(frozen=True)
class Frozen:
    """A stack seen through a frozen encoder.

    Attributes:
        images: uint8, N x H x W x C. masks: uint8, N x H x W, of one foreground class.
        pixels: drawn of each image.
        options: of the fit.
    """

    model: FrozenHead
    images: Rows
    masks: Rows
    scaling: Scaling
    device: torch.device
    pixels: int
    options: FrozenParams

    def sample(self, row: int) -> Sample:
        """Return pixels of a labeled image and its mirror images; every call returns the same."""
        place = np.array([row])
        return sample_image(
            self.model,
            self._tensor(place),
            self.masks[place][0],
            self.pixels,
            generator("pixels", row),
            flips=list(Flip),
        )

    @torch.inference_mode()
    def features(self, row: int) -> Tensor:
        """Return the features of an image, 1 x D x h x w."""
        features: Tensor = self.model.decoder(self.model.encoder(self._tensor(np.array([row]))))
        return features

    def _tensor(self, rows: NDArray[np.int64]) -> Tensor:
        return self.scaling.tensor(self.images[rows], self.device)


def sample_all(
    frozen: Frozen, rows: Sequence[int], show: Show, threads: int = 1
) -> dict[int, Sample]:
    """Return pixels of labeled images, by row; `threads` work side by side."""
    samples = {}
    with ThreadPoolExecutor(threads) as pool:
        for row, sample in zip(rows, pool.map(frozen.sample, rows), strict=True):
            samples[row] = sample
            show(len(samples), "features")
    return samples


def fit_all(
    samples: dict[int, Sample],
    draws: Sequence[Draw],
    sizes: Sequence[int],
    options: FrozenParams,
    show: Show,
    threads: int = 1,
) -> dict[int, list[Head]]:
    """Return the heads of every seed, one a budget.

    Args:
        threads: in which fits run side by side, each in one thread of its own.
    """

    def fit(draw: Draw) -> list[Head]:
        own = [samples[int(row)] for row in draw.order]
        return [fit_head(Sample.join(own[:size]), 1, options)[0] for size in sizes]

    heads = {}
    with ThreadPoolExecutor(threads) as pool:
        for place, (draw, fitted) in enumerate(zip(draws, pool.map(fit, draws), strict=True)):
            heads[draw.seed] = fitted
            show(place + 1, "fits")
    return heads


@torch.inference_mode()
def test_all(
    frozen: Frozen, draws: Sequence[Draw], heads: dict[int, list[Head]], show: Show
) -> dict[int, NDArray[np.float64]]:
    """Return the Dice over positives of every seed, one a budget; NaN without a positive."""
    weights = {seed: _affine(own) for seed, own in heads.items()}
    counts: dict[int, list[NDArray[np.int64]]] = {draw.seed: [] for draw in draws}
    rows = sorted({int(row) for draw in draws for row in draw.test})
    for place, row in enumerate(rows):
        seeds = [draw.seed for draw in draws if row in draw.test]
        weight, bias = (torch.cat(parts) for parts in zip(*map(weights.get, seeds), strict=True))
        cells = torch.einsum("dhw,kd->khw", frozen.features(row)[0], weight)
        logits = F.interpolate(
            (cells + bias[:, None, None])[None], scale_factor=STRIDE, mode="bilinear"
        )
        preds = (logits[0] > 0).cpu().numpy().astype(np.uint8)
        mask = frozen.masks[np.array([row])]
        found = count(preds, np.repeat(mask, len(preds), axis=0), 1, IGNORE)[:, 0]
        for seed, own in zip(seeds, np.split(found, len(seeds)), strict=True):
            counts[seed].append(own)
        show(place + 1, "test images")
    return {
        seed: np.array([dice(Counts(*of_budget.T)) for of_budget in np.stack(own, axis=1)])
        for seed, own in counts.items()
    }


def _affine(heads: Sequence[Head]) -> tuple[Tensor, Tensor]:
    """Return weights, K x D, and biases, K, of features that are not standardized."""
    weights = torch.cat([head.weight / head.std for head in heads])
    biases = torch.cat([head.bias - (head.weight / head.std) @ head.mean for head in heads])
    return weights, biases


def score_table(
    dices: dict[int, NDArray[np.float64]], sizes: Sequence[int], labeled: int, mask_seconds: float
) -> pd.DataFrame:
    """Return the scores in the columns of `scores.csv`, of an arm `frozen` with a round a budget.

    Args:
        labeled: number of all images with a mask, of which `fraction` is.
    """
    return pd.DataFrame(
        {
            "arm": "frozen",
            "seed": seed,
            "round": round_,
            "fraction": size / labeled,
            "images": size,
            "seconds": size * mask_seconds,
            "threshold": "validation",
            "class": "all",
            "metric": "dice",
            "value": float(value),
        }
        for seed, values in dices.items()
        for round_, (size, value) in enumerate(zip(sizes, values, strict=True))
    )
