"""What a network says of images in one deterministic or many stochastic passes, as running sums."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.acquisition.base import Maps
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import torch_seed
from frugalseg.core.rows import Rows
from frugalseg.models.dropout import find_dropout
from frugalseg.models.predict import batch_size, predict, to_probs
from frugalseg.models.prefix import Prefix, SplitModel
from frugalseg.models.scaling import Scaling


@dataclass(frozen=True)
class Passes:
    """How images are passed through a network.

    Attributes:
        count: T; 1 is the deterministic pass, in which dropout does nothing.
        key: what the dropout masks derive from, with the row of the image and the pass: they do
            not depend on the batch or on the order of the images.
        batch: images, or passes of images, computed at a time; by default what fits the device.
    """

    count: int
    key: tuple[int | str, ...] = ()
    batch: int | None = None

    def __post_init__(self) -> None:
        """Refuse less than one pass."""
        if self.count < 1:
            raise FrugalsegError(f"Expected at least 1 pass; found {self.count}.")


def uncertainty_maps(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    passes: int,
    key: tuple[int | str, ...],
    batch: int | None = None,
) -> Iterator[Maps]:
    """Yield the maps of each image of `rows`, in order; memory grows neither with T nor with rows.

    Args:
        images: uint8, N x H x W x C; only a batch is read at a time.
        passes: T; more than 1 are stochastic and need a model with dropout.
        key: what the dropout masks derive from; see `Passes`.

    Raises:
        FrugalsegError: several passes of a model without dropout, or none.
    """
    how = Passes(passes, key, batch)
    for _, probs, entropy in predict_passes(
        model, images, rows, scaling=scaling, device=device, passes=how
    ):
        for one, expected in zip(probs.cpu().numpy(), entropy.cpu().numpy(), strict=True):
            yield Maps(probs=one, expected_entropy=expected)


def predict_passes(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    passes: Passes,
) -> Iterator[tuple[NDArray[np.int64], Tensor, Tensor]]:
    """Yield rows, their mean probabilities and the expected entropy of a pass, batch by batch.

    Returns:
        rows; float32, n x K+1 x H x W: p = mean_t p_t (Gal & Ghahramani 2016, eq. 6); float32,
        n x H x W, nats: mean_t H[p_t], which with H[p] gives BALD (Houlsby 2011, eq. 2). Both on
        `device`.
    """
    if passes.count == 1:
        for chosen, probs in predict(
            model, images, rows, scaling=scaling, device=device, batch=passes.batch
        ):
            yield chosen, probs, entropy(probs)
        return
    split = SplitModel(model, images.shape[3])
    size = passes.batch or batch_size(images.shape, device)
    for start in range(0, len(rows), size):
        chosen = rows[start : start + size]
        prefix = split.prefix(scaling.tensor(images[chosen], device))
        yield chosen, *_mean_of_passes(prefix, chosen, passes, size, device)


def mean_probs(
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    passes: Passes,
) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
    """Yield rows and mean probabilities; a model without dropout makes one pass, whatever is asked.

    As `frugalseg.models.predict.predict` does with one pass.
    """
    if passes.count == 1 or find_dropout(model) is None:
        yield from predict(model, images, rows, scaling=scaling, device=device, batch=passes.batch)
        return
    for chosen, probs, _ in predict_passes(
        model, images, rows, scaling=scaling, device=device, passes=passes
    ):
        yield chosen, probs


def tile_passes(
    model: nn.Module, channels: int, passes: Passes, device: torch.device
) -> Callable[[Tensor], Tensor]:
    """Return what maps tiles, N x C x H x W, to what the passes say of them, N x K+2 x H x W.

    Mean probabilities and, as the last channel, the expected entropy in nats. The dropout of a tile
    derives from `passes.key` and from how many tiles came before it.

    Raises:
        FrugalsegError: several passes of a model without dropout.
    """
    model.eval()
    if passes.count == 1:

        def once(tiles: Tensor) -> Tensor:
            probs = to_probs(model(tiles))
            return torch.cat([probs, entropy(probs)[:, None]], dim=1)

        return once
    split, numbers = SplitModel(model, channels), count()

    def often(tiles: Tensor) -> Tensor:
        rows = np.array([next(numbers) for _ in tiles])
        prefix = split.prefix(tiles)
        probs, expected = _mean_of_passes(prefix, rows, passes, len(tiles), device)
        return torch.cat([probs, expected[:, None]], dim=1)

    return often


def entropy(probs: Tensor) -> Tensor:
    """Return the entropy over classes in nats, N x H x W, of probabilities N x K+1 x H x W."""
    # 0 log 0 is 0, and float32 has no smaller number; torch.special.entr takes twice the time
    return -(probs * probs.clamp_min(torch.finfo(probs.dtype).tiny).log()).sum(dim=1)


@torch.inference_mode()
def _mean_of_passes(
    prefix: Prefix, rows: NDArray[np.int64], passes: Passes, size: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Average over all passes of a batch, `size` of them at a time."""
    together = max(1, size // passes.count)
    means = [
        _sum_of_passes(prefix, first, rows[first : first + together], passes, size, device)
        for first in range(0, len(rows), together)
    ]
    probs, expected = (torch.cat(parts) / passes.count for parts in zip(*means, strict=True))
    return probs, expected


def _sum_of_passes(
    prefix: Prefix,
    first: int,
    rows: NDArray[np.int64],
    passes: Passes,
    size: int,
    device: torch.device,
) -> tuple[Tensor, Tensor]:
    """Sum probabilities and entropies over all passes of neighboring images of a batch."""
    parts = -(-passes.count * len(rows) // size)
    sums: tuple[Tensor, Tensor] | None = None
    for numbers in np.array_split(np.arange(passes.count), min(parts, passes.count)):
        generators = [_generators(passes.key, int(row), numbers, device) for row in rows]
        logits = prefix.rest(first, first + len(rows), generators)
        probs = to_probs(logits.flatten(0, 1))
        ones = probs, entropy(probs)
        found = [one.unflatten(0, (len(rows), len(numbers))).sum(dim=1) for one in ones]
        sums = (found[0], found[1]) if sums is None else (sums[0] + found[0], sums[1] + found[1])
    if sums is None:  # unreachable: there is at least one pass
        raise RuntimeError("no pass was made")
    return sums


def _generators(
    key: tuple[int | str, ...], row: int, numbers: NDArray[np.int64], device: torch.device
) -> list[torch.Generator]:
    """Return one generator for each pass of an image."""
    seeds = [torch_seed(*key, "pass", row, int(number)) for number in numbers]
    return [torch.Generator(device).manual_seed(seed) for seed in seeds]
