"""The order in which planned contrasts are tested, and how the error rate passes along it.

Each contrast begins with its share of the error rate, in proportion to its weight. One that is
shown hands its share on to contrasts that are not shown yet:

- `holm`: to all of them in proportion to their weights (Holm, 1979), whatever their order; those of
  weight 0 wait until all others are shown and then share alike (a gatekeeper);
- `fixed`: contrasts are tested one after another, each at the whole error rate, up to the first
  that is not shown (Maurer et al., 1995);
- `fallback`: to the next one in the plan (Wiens, 2003), and from the last to the first.

All are graphs of Bretz et al. (2009), which keep the family-wise error rate under any correlation:
no share shrinks when a contrast is shown.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from frugalseg.settings.study import ContrastParams, Order, StatisticsParams

ORDER_NAMES: dict[Order, str] = {
    "holm": "Holm",
    "fixed": "the fixed sequence",
    "fallback": "fallback",
}
"""Order -> its name after "p = 0.01 after"."""


def adjust_p_values(
    p_values: Sequence[float] | NDArray[np.float64],
    order: Order,
    weights: Sequence[float] | None = None,
) -> NDArray[np.float64]:
    """Return p-values adjusted for the family-wise error rate over a plan of contrasts.

    Args:
        p_values: in the order of the plan; NaN for a contrast that could not be tested, which
            counts as 1: a missing run must not make the other claims easier.
        weights: >= 0, not all 0; equal by default, ignored by `fixed`.

    Returns:
        float64, in [0, 1] or NaN: the smallest error rate at which each claim is shown.

    Example:
        >>> adjust_p_values([0.04, 0.01, 0.02], "fixed").round(2).tolist()
        [0.04, 0.04, 0.04]
        >>> adjust_p_values([0.04, 0.01, 0.02], "holm").round(2).tolist()
        [0.04, 0.03, 0.04]
    """
    raw = np.asarray(p_values, dtype=np.float64)
    p = np.nan_to_num(raw, nan=1.0)
    adjusted, left = np.ones(p.size), np.ones(p.size, dtype=bool)
    reached = 0.0
    while left.any():
        shares = current_shares(left, order, weights)
        ratios = np.divide(p, shares, out=np.full(p.size, np.inf), where=shares > 0)
        shown = int(np.argmin(ratios))
        reached = max(reached, float(ratios[shown]))
        if reached >= 1:
            break
        adjusted[shown] = reached
        left[shown] = False
    return np.where(np.isnan(raw), np.nan, adjusted)


def adjust_plan(
    p_values: NDArray[np.float64],
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
) -> NDArray[np.float64]:
    """Return the p-values of a plan, adjusted within its two families.

    Args:
        p_values: float64, shape (n, 2): of each claim, and of "practically the same" where that is
            tested beside the claim (`ContrastParams.tests_sameness`).
        contrasts: the plan.
        statistics: the order of the claims.

    Returns:
        float64, shape (n, 2): claims along the order, sameness by Holm over the contrasts in which
        it is tested; NaN in the others.
    """
    weights = [contrast.weight for contrast in contrasts]
    with_margin = np.array([contrast.tests_sameness for contrast in contrasts], dtype=bool)
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[:, 0] = adjust_p_values(p_values[:, 0], statistics.order, weights)
    adjusted[with_margin, 1] = adjust_p_values(p_values[with_margin, 1], "holm")
    return adjusted


def current_shares(
    left: NDArray[np.bool_], order: Order, weights: Sequence[float] | None = None
) -> NDArray[np.float64]:
    """Return the shares of the error rate after some contrasts have been shown.

    Args:
        left: shape (n,), which contrasts are not shown yet; at least one.
        weights: as in `adjust_p_values`.

    Returns:
        float64, shape (n,), adding to 1: 0 for contrasts that are shown.
    """
    places = np.arange(left.size)
    first = np.ones(left.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if order == "fixed":
        shares = np.where(places == np.argmax(left), 1.0, 0.0)
    elif order == "holm":
        shares = first * left if (first * left).any() else left.astype(np.float64)
    else:
        holders = np.flatnonzero(left)
        holders = holders[np.searchsorted(holders, places) % holders.size]
        shares = np.bincount(holders, first, left.size)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def planning_levels(order: Order, weights: Sequence[float], alpha: float) -> NDArray[np.float64]:
    """Return the level that plans of power and seeds use for each contrast.

    It is the contrast's first share; without one, what the contrast gets once those before it are
    shown (under `holm` all that have a weight; under `fixed` the whole error rate).

    Args:
        weights: as in `adjust_p_values`.
        alpha: error rate over all contrasts.

    Returns:
        float64, shape (n,), in (0, alpha].

    Example:
        >>> planning_levels("holm", [3, 1, 0, 0], 0.04).tolist()
        [0.03, 0.01, 0.02, 0.02]
    """
    everyone = np.ones(len(weights), dtype=bool)
    if order == "fixed":
        return np.full(len(weights), alpha)
    shares = current_shares(everyone, order, weights)
    without = shares == 0
    if order == "holm":
        handed_on = np.full(len(weights), 1 / max(np.sum(without), 1))
    else:
        handed_on = np.cumsum(shares)
        handed_on[handed_on == 0] = 1.0  # nothing before it: the last hands on to it
    return alpha * np.where(without, handed_on, shares)


class Levels(NamedTuple):
    """Levels at which a contrast is planned: its claim's, and that of "practically the same".

    The second is NaN for a contrast in which sameness is not tested.
    """

    claim: float
    same: float = math.nan


def contrast_levels(
    contrasts: Sequence[ContrastParams], statistics: StatisticsParams
) -> list[Levels]:
    """Return the levels of each contrast: `planning_levels`, and Holm's first over the margins."""
    family = max(sum(contrast.tests_sameness for contrast in contrasts), 1)
    weights = [contrast.weight for contrast in contrasts]
    return [
        Levels(float(level), statistics.alpha / family if contrast.tests_sameness else math.nan)
        for contrast, level in zip(
            contrasts, planning_levels(statistics.order, weights, statistics.alpha), strict=True
        )
    ]
