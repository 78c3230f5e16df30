"""Uniform random acquisition: the control of every other one."""

import numpy as np

from frugalseg.acquisition.base import Acquisition, Pool, Query


def select(pool: Pool, query_size: int, rng: np.random.Generator) -> list[Query]:
    """Draw `query_size` images without replacement, each equally likely; all if there are fewer."""
    size = min(query_size, len(pool.index))
    chosen = rng.choice(len(pool.index), size=size, replace=False)
    return [Query(str(pool.index["image_id"].iloc[position])) for position in chosen]


RANDOM = Acquisition(select=select, needs="nothing")
