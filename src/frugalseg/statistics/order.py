"""The order in which planned contrasts are tested, and how the error rate passes along it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Order = Literal["holm", "fixed", "fallback"]


def adjust_p_values(
    p_values: Sequence[float], order: Order, weights: Sequence[float] | None = None
) -> NDArray[np.float64]:
    """Return p-values adjusted for the family-wise error rate over a plan of contrasts.

    Each contrast begins with its share of the error rate; one that is shown hands its share on.

    - `holm`: to all others alike (Holm, 1979), whatever their order;
    - `fixed`: contrasts are tested one after another, each at the whole error rate, up to the first
      that is not shown (Maurer et al., 1995);
    - `fallback`: to the next one, which has a share of its own too, and from the last to all others
      (Wiens, 2003; Hommel and Bretz, 2008).

    All are graphs of Bretz et al. (2009).

    Args:
        p_values: in the order of the plan; NaN for a contrast that could not be tested, which
            counts as 1: a missing run must not make the other claims easier.
        weights: of the contrasts' first shares, all above 0; equal by default, not used by `fixed`.

    Returns:
        float64, in [0, 1] or NaN: the smallest error rate at which each claim is shown.

    Example:
        >>> adjust_p_values([0.04, 0.01, 0.02], "fixed").round(2).tolist()
        [0.04, 0.04, 0.04]
        >>> adjust_p_values([0.04, 0.01, 0.02], "holm").round(2).tolist()
        [0.04, 0.03, 0.04]
    """
    raw = np.asarray(p_values, dtype=np.float64)
    size = raw.size
    shares = np.ones(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if order == "fixed":
        shares = (np.arange(size) == 0).astype(np.float64)
    adjusted = _walk(np.nan_to_num(raw, nan=1.0), shares / shares.sum(), _edges(size, order))
    return np.where(np.isnan(raw), np.nan, adjusted)


def _edges(size: int, order: Order) -> NDArray[np.float64]:
    """Return the share that contrast i hands to k when it is shown, size x size."""
    to_all = (1 - np.eye(size)) / max(size - 1, 1)
    if order == "holm":
        return to_all
    edges = np.eye(size, k=1)
    if order == "fallback":
        edges[-1] = to_all[-1]
    return edges


def _walk(
    p_values: NDArray[np.float64], shares: NDArray[np.float64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return adjusted p-values over a graph (Bretz et al., 2009, algorithm 2)."""
    shares, edges = shares.copy(), edges.copy()
    adjusted = np.ones(p_values.size)
    left = np.ones(p_values.size, dtype=bool)
    reached = 0.0
    while left.any():
        ratio = np.full(p_values.size, np.inf)
        np.divide(p_values, shares, out=ratio, where=left & (shares > 0))
        shown = int(np.argmin(ratio))
        reached = max(reached, float(ratio[shown]))
        if reached >= 1:
            break
        adjusted[shown] = reached
        left[shown] = False
        shares += shares[shown] * edges[shown] * left
        edges = _without(edges, shown)
    return adjusted


def _without(edges: NDArray[np.float64], shown: int) -> NDArray[np.float64]:
    """Return the edges of the graph after a contrast was taken out (algorithm 1, step 3)."""
    there, back = edges[:, [shown]], edges[[shown], :]
    loops = 1 - there * back.T
    reduced = np.divide(edges + there * back, loops, out=np.zeros_like(edges), where=loops > 0)
    np.fill_diagonal(reduced, 0)
    reduced[shown, :] = reduced[:, shown] = 0
    return reduced
