"""Ratios and means of which some parts may be undefined."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Numbers = NDArray[np.int64] | NDArray[np.float64] | float


def ratio(numerator: Numbers, denominator: Numbers) -> Values:
    """Divide elementwise; NaN where the denominator is not above 0."""
    result = np.full(np.shape(denominator), np.nan)
    np.divide(numerator, denominator, out=result, where=np.asarray(denominator) > 0)
    return result


def defined_mean(values: Values) -> float:
    """Return the mean of what is not NaN; NaN if nothing is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else float("nan")
