"""Random acquisition that favors foreground: a control that sees labels before they are paid."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.ranking import choose, score_units

SHARE = 2 / 3
"""Share of the draws that come from the units with foreground."""


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Draw two of three labels from the units with foreground, the others from all units.

    Where positives are rare, plain random labels hold few, and an acquisition may beat them only
    by finding foreground: nnActive (Lueth et al. 2025) compares with such draws. Draws are without
    replacement, a unit's chance in proportion to its weight: the keys are those of Efraimidis and
    Spirakis (2006), log(u) / weight.
    """
    presence = replace(pool, aggregate="max" if pool.region is None else "sum")
    positive, everything = _count(presence)
    common = (1 - SHARE) / max(everything, 1)
    favored = common + SHARE / max(positive, 1)

    def keys(scores: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
        weights = np.where(scores > 0, favored, common)
        drawn: NDArray[np.float64] = np.log1p(-rng.random(scores.shape)) / weights
        return drawn

    return choose(presence, query_size, rng, _pixel_scores(pool), keys)


def _pixel_scores(pool: Pool) -> Iterator[NDArray[np.float32]]:
    return (mask.astype(np.float32) for mask in pool.masks())


def _count(pool: Pool) -> tuple[int, int]:
    """Return how many units can be bought: those with foreground, and all."""
    scores = [score_units(pool, place, mask)[0] for place, mask in enumerate(_pixel_scores(pool))]
    return sum(int((s > 0).sum()) for s in scores), sum(int((s > -np.inf).sum()) for s in scores)


FOREGROUND_RANDOM = Acquisition(
    select=select, needs="masks", units=("image", "region"), oracle=True
)
