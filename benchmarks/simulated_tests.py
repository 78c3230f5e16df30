"""The t-tests of claims over many simulated studies at once, checked against the report's."""

import warnings

import numpy as np
from scipy import stats

from benchmarks.simulated import Array
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.claim import claim_p
from frugalseg.statistics.interval import SPREAD

CHECKED = 4
"""Studies of each cell that are computed a second time, by the code of the report."""


def paired(scores: Array, shift: float = 0.0) -> Array:
    """Return first arm minus second, plus a shift, studies x seeds."""
    return np.round(scores[:, 0] - scores[:, 1] + shift, 12)


def claim_ps(differences: Array, contrast: ContrastParams) -> Array:
    """Return `claim_p` of every study, as t-tests over all studies at once; a sample is checked."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # studies without spread, for which `claim_p` is called below
        warnings.simplefilter("ignore")
        p = t_ps(differences, contrast)
    rng = np.random.default_rng(0)
    flat = np.flatnonzero(np.ptp(differences, axis=-1) <= SPREAD)
    p[flat] = [claim_p(differences[study], contrast, rng) for study in flat]
    exact = [claim_p(study, contrast, rng) for study in differences[:CHECKED]]
    np.testing.assert_allclose(p[:CHECKED], exact, atol=1e-10)
    return p


def t_ps(differences: Array, contrast: ContrastParams) -> Array:
    """Return the p-values of the t-tests behind a claim, over the last axis."""
    margin = contrast.margin
    if contrast.claim == "superior":
        return np.asarray(stats.ttest_1samp(differences, 0.0, axis=-1).pvalue)
    above = stats.ttest_1samp(differences, -margin, axis=-1, alternative="greater").pvalue
    if contrast.claim == "not_worse":
        return np.asarray(above)
    below = stats.ttest_1samp(differences, margin, axis=-1, alternative="less").pvalue
    return np.maximum(above, below)
