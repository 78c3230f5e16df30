"""One deterministic or many stochastic passes of images through a network, as running sums."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.randomness import torch_seed
from frugalseg.core.rows import Rows
from frugalseg.models.predict import predict, to_probs
from frugalseg.models.prefix import Prefix, SplitModel
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import batch_size


@dataclass(frozen=True)
class Passes:
    """How images are passed through a network.

    Attributes:
        count: T; 1 is the deterministic pass, in which dropout does nothing; more need a model with
            dropout.
        key: seeds the dropout masks, together with the row of the image and the pass; masks do not
            depend on the batch or on the order of the images.
        batch: images, or passes of images, computed at a time; by default what fits the device.
    """

    count: int
    key: tuple[int | str, ...] = ()
    batch: int | None = None


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

    Args:
        images: uint8, N x H x W x C; only a batch is read at a time.

    Returns:
        rows; float32, n x K+1 x H x W: p = mean_t p_t (Gal & Ghahramani 2016, eq. 6); float32,
        n x H x W, nats: mean_t H[p_t], which with H[p] gives BALD (Houlsby 2011, eq. 2). Both on
        `device`.

    Raises:
        FrugalsegError: several passes of a model without dropout.
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


def tile_passes(
    model: nn.Module, channels: int, passes: Passes, device: torch.device
) -> Callable[[Tensor], Tensor]:
    """Return a function that maps tiles, N x C x H x W, to N x K+2 x H x W.

    Its channels are the mean probabilities and, last, the expected entropy in nats. The dropout of
    a tile derives from `passes.key` and from the number of tiles before it.

    Raises:
        FrugalsegError: several passes of a model without dropout.
    """
    model.eval()
    split = None if passes.count == 1 else SplitModel(model, channels)
    numbers = count()

    def predict_tiles(tiles: Tensor) -> Tensor:
        if split is None:
            probs = to_probs(model(tiles))
            expected = entropy(probs)
        else:
            rows = np.array([next(numbers) for _ in tiles])
            prefix = split.prefix(tiles)
            probs, expected = _mean_of_passes(prefix, rows, passes, len(tiles), device)
        return torch.cat([probs, expected[:, None]], dim=1)

    return predict_tiles


def entropy(probs: Tensor) -> Tensor:
    """Return the entropy over classes in nats, N x H x W, of probabilities N x K+1 x H x W."""
    # 0 log 0 is 0, and float32 has no smaller number; torch.special.entr takes twice the time
    return -(probs * probs.clamp_min(torch.finfo(probs.dtype).tiny).log()).sum(dim=1)


@torch.inference_mode()
def _mean_of_passes(
    prefix: Prefix, rows: NDArray[np.int64], passes: Passes, size: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Return the mean probabilities and entropies of a batch, computing `size` passes at a time."""

    def sums(first: int, last: int, numbers: NDArray[np.int64]) -> list[Tensor]:
        """Sum probabilities and entropies of some images over the passes `numbers`."""
        generators = [
            [
                torch.Generator(device).manual_seed(
                    torch_seed(*passes.key, "pass", int(row), int(number))
                )
                for number in numbers
            ]
            for row in rows[first:last]
        ]
        probs = to_probs(prefix.rest(first, last, generators).flatten(0, 1))
        shape = (last - first, len(numbers))
        return [values.unflatten(0, shape).sum(dim=1) for values in (probs, entropy(probs))]

    together = max(1, size // passes.count)  # images
    means = []
    for first in range(0, len(rows), together):
        last = min(first + together, len(rows))
        parts = min(-(-passes.count * (last - first) // size), passes.count)
        numbers = np.array_split(np.arange(passes.count), parts)
        running = (sums(first, last, part) for part in numbers)
        means.append(
            reduce(lambda one, two: [a + b for a, b in zip(one, two, strict=True)], running)
        )
    probs, expected = (torch.cat(sides) / passes.count for sides in zip(*means, strict=True))
    return probs, expected
