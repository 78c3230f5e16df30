"""Random acquisition that favors foreground, true or predicted: controls where it is rare."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool, Select
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.ranking import choose, score_units

SHARE = 2 / 3
"""Share of the draws that come from the units with foreground."""


Foreground = Callable[[Pool], Iterator[NDArray[np.bool_]]]
"""The foreground of each image of a pool, bool, H x W of the stack."""
Packed = tuple[NDArray[np.uint8], tuple[int, ...]]
"""Bits of a mask, and its shape."""


def favoring(foreground: Foreground) -> Select:
    """Return a draw of two of three labels from the units with foreground, the rest from all units.

    Where positives are rare, plain random labels hold few, and an acquisition may beat them only
    by finding foreground: nnActive (Lueth et al. 2025) compares with such draws. Draws are without
    replacement, a unit's chance in proportion to its weight: the keys are those of Efraimidis and
    Spirakis (2006), log(u) / weight.
    """

    def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
        return _draw(pool, query_size, rng, foreground)

    return select


def _draw(
    pool: Pool, query_size: QuerySize, rng: np.random.Generator, foreground: Foreground
) -> Choice:
    presence = replace(pool, aggregate="max" if pool.region is None else "sum")
    # read twice; as bits, since predicting a pool again takes longer than all else here
    packed = [(np.packbits(mask), mask.shape) for mask in foreground(pool)]
    positive, everything = _count(presence, _pixel_scores(packed))
    common = (1 - SHARE) / max(everything, 1)
    favored = common + SHARE / max(positive, 1)

    def keys(scores: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
        weights = np.where(scores > 0, favored, common)
        drawn: NDArray[np.float64] = np.log1p(-rng.random(scores.shape)) / weights
        return drawn

    return choose(presence, query_size, rng, _pixel_scores(packed), keys)


def _pixel_scores(packed: Sequence[Packed]) -> Iterator[NDArray[np.float32]]:
    for bits, (height, width) in packed:
        flat = np.unpackbits(bits, count=height * width)
        yield flat.reshape(height, width).astype(np.float32)


def _predicted(pool: Pool) -> Iterator[NDArray[np.bool_]]:
    """Yield where a class is more probable than the background."""
    return (maps.probs.argmax(axis=0) > 0 for maps in pool.maps())


def _count(pool: Pool, pixels: Iterator[NDArray[np.float32]]) -> tuple[int, int]:
    """Return how many units can be bought: those with foreground, and all."""
    scores = [score_units(pool, place, mask)[0] for place, mask in enumerate(pixels)]
    return sum(int((s > 0).sum()) for s in scores), sum(int((s > -np.inf).sum()) for s in scores)


FOREGROUND_RANDOM = Acquisition(
    favoring(lambda pool: pool.masks()), needs="masks", units=("image", "region"), oracle=True
)
"""By the true masks: an oracle, which sees labels before they are paid for."""

PREDICTED_FOREGROUND_RANDOM = Acquisition(
    favoring(_predicted), needs="maps", units=("image", "region")
)
"""By the model's own prediction: a control that anybody can run."""
