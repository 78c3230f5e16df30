"""The order in which images are shown, as a function of the step alone."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.randomness import generator


def walk(
    rows: NDArray[np.int64], size: int, step: int, key: tuple[int | str, ...]
) -> NDArray[np.int64]:
    """Return the `size` rows of a step: a walk through a fresh permutation an epoch.

    A batch may end one epoch and begin the next.
    """
    epochs, within = np.divmod(np.arange(step * size, (step + 1) * size), len(rows))
    orders = {
        int(epoch): generator(*key, int(epoch)).permutation(rows) for epoch in np.unique(epochs)
    }
    return np.array([orders[int(e)][w] for e, w in zip(epochs, within, strict=True)], np.int64)
