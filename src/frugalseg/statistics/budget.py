"""Whole budget curves: the area under them."""

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError


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
