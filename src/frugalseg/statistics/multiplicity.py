"""Correction of p-values over the planned contrasts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Return p-values adjusted for the family-wise error rate (Holm, 1979)."""
    return _adjust(p_values, "holm")


def benjamini_hochberg(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Return p-values adjusted for the false discovery rate (Benjamini and Hochberg, 1995)."""
    return _adjust(p_values, "fdr_bh")


def _adjust(p_values: Sequence[float], method: str) -> NDArray[np.float64]:
    """Return the adjusted p-values; NaN stays NaN.

    A planned contrast that could not be tested still counts in the size of the family, as p = 1:
    a missing run must not make the other claims easier.
    """
    raw = np.asarray(p_values, dtype=np.float64)
    if raw.size == 0:
        return raw
    untested = np.isnan(raw)
    adjusted = np.asarray(multipletests(np.where(untested, 1.0, raw), method=method)[1])
    return np.where(untested, np.nan, adjusted).astype(np.float64)
