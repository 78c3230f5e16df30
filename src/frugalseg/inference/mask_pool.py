"""The pool through an oracle's eyes: where foreground is, before anybody paid for it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Pool
from frugalseg.core import paths
from frugalseg.core.constants import IGNORE
from frugalseg.data.stack import open_masks
from frugalseg.inference.pool import PoolContext


def with_foreground(pool: Pool, context: PoolContext) -> Pool:
    """Return the pool with the true foreground of its images."""

    def foreground() -> Iterator[NDArray[np.bool_]]:
        masks = open_masks(paths.within(context.prepared, paths.MASKS))
        for place in range(len(context.rows)):
            mask = masks[context.rows[place : place + 1]][0]
            yield (mask > 0) & (mask != IGNORE)

    return replace(pool, foreground=foreground)
