"""Whole budget curves: the area under them, and the labels they need to reach a target."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError

TIE = 1e-12
"""A value this close to the target has reached it."""


class Crossing(NamedTuple):
    """Where a curve reaches its target.

    Attributes:
        fraction: labeled fraction of the pool: of the crossing if `reached`, of the last round if
            `never` (right-censored: more is needed, or no number is enough), of the first round if
            `from the start` (left-censored: this much or less is enough).
        state: which of the three.
    """

    fraction: float
    state: Literal["reached", "never", "from the start"]

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the greatest fraction that the crossing may lie at."""
        if self.state == "never":
            return self.fraction, np.inf
        return (0.0 if self.state == "from the start" else self.fraction), self.fraction


def area(curve: pd.Series, low: float, high: float) -> float:
    """Return the mean height of the budget curve between two budgets (trapezoids).

    Dividing the area by its width keeps the unit of the metric. Areas over different ranges cannot
    be compared: use a range that both curves cover.

    Args:
        curve: `score_table.budget_curve`; linear between rounds.
        low: lower budget, within the curve.
        high: upper budget, within the curve, > low.

    Returns:
        NaN if a value between the budgets is NaN.

    Raises:
        FrugalsegError: if the curve does not cover the budgets.
    """
    x = curve.index.to_numpy()
    if not x[0] <= low < high <= x[-1]:
        raise FrugalsegError(
            f"An area between the budgets {low:.3g} and {high:.3g} needs a curve that covers them; "
            f"this one goes from {x[0]:.3g} to {x[-1]:.3g}. Choose a range that all arms share."
        )
    knots = np.concatenate([[low], x[(x > low) & (x < high)], [high]])
    return float(np.trapezoid(np.interp(knots, x, curve), knots) / (high - low))


def labels_to(curve: pd.Series, target: float, *, lower_is_better: bool = False) -> Crossing:
    """Return the smallest labeled fraction at which the curve reaches `target`.

    The curve is linear between rounds and is not extrapolated. It may fall below the target again
    later: the first crossing counts. Rounds whose value is NaN reach nothing.

    Args:
        curve: `score_table.budget_curve`.
        target: in units of the metric.
        lower_is_better: the target is reached from above.
    """
    x = curve.index.to_numpy()
    height = (-1 if lower_is_better else 1) * (curve.to_numpy() - target)
    reached = np.flatnonzero(height >= -TIE)
    if reached.size == 0:
        return Crossing(float(x[-1]), "never")
    first = int(reached[0])
    if first == 0:
        return Crossing(float(x[0]), "from the start")
    before, after = height[first - 1], height[first]
    if np.isnan(before):
        return Crossing(float(x[first]), "reached")
    step = min(1.0, -before / (after - before))
    return Crossing(float(x[first - 1] + step * (x[first] - x[first - 1])), "reached")


def earlier(a: Crossing, b: Crossing) -> int:
    """Return 1 if a surely needs fewer labels than b, -1 if surely more, else 0.

    0 stands for "equal" and for "censoring hides it": both never, or one curve that ends before
    the other one reaches the target.
    """
    (a_least, a_most), (b_least, b_most) = a.bounds, b.bounds
    if a_most < b_least or (b.state == "never" and a_most <= b_least):
        return 1
    if b_most < a_least or (a.state == "never" and b_most <= a_least):
        return -1
    return 0
