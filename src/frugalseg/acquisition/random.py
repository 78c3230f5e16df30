"""Uniform random acquisition: the control of every other acquisition."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.ranking import choose


def draw(scores: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Rank at random, whatever the scores."""
    return rng.random(scores.shape)


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Draw images, or windows that share no pixel, without replacement, each equally likely."""
    return choose(pool, query_size, rng, None, draw)


RANDOM = Acquisition(select=select, needs="nothing", units=("image", "region"))
