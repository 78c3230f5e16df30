"""Mixed model of per-image differences: a check on the paired test, not its replacement."""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, SingularMatrixWarning

from frugalseg.statistics.interval import SPREAD

ROWS = 1_000
"""A crossed model works on a dense matrix over all rows: more images than this are thinned.

A fit of 1,000 rows takes 0.1 s, one of 2,000 takes 5 s and is less likely to converge.
"""


class MixedFit(NamedTuple):
    """Fit of difference[seed, image] = mean + seed + image + rest.

    Attributes:
        mean: mean difference a - b.
        seeds, images: how many went into the fit.
        note: empty, or why the numbers are NaN or not to be trusted.
        error: standard error of the mean.
        p: Wald test of mean = 0 (normal, so a little optimistic at few seeds).
        seed_sd, image_sd, rest_sd: standard deviations of the three parts.
    """

    mean: float
    seeds: int
    images: int
    note: str
    error: float = np.nan
    p: float = np.nan
    seed_sd: float = np.nan
    image_sd: float = np.nan
    rest_sd: float = np.nan


def fit_mixed(differences: pd.DataFrame, rng: np.random.Generator, *, rows: int = ROWS) -> MixedFit:
    """Fit seeds and images as crossed random effects, by restricted maximum likelihood.

    The model is of differences between two arms on the same image under the same seed, so that the
    random effect of the seed is the one that matters: how much the *difference* changes when both
    arms are trained again (Barr et al., 2013: a random slope for whatever is compared).

    Args:
        differences: one row for each seed and image, columns `seed, image_id, difference`; finite.
        rng: picks the images, when there are too many for `rows`.
        rows: most rows to fit.

    Returns:
        NaN and a note where the fit is not defined: one seed, no spread, no convergence.
    """
    # patsy pairs rows by their index
    data = _thin(differences.reset_index(drop=True), rng, rows)
    seeds, images = data["seed"].nunique(), data["image_id"].nunique()
    mean = float(data["difference"].mean())
    if seeds < 2 or images < 2 or float(np.ptp(data["difference"])) <= SPREAD:
        return MixedFit(mean, seeds, images, "needs two seeds, two images and some spread")
    with warnings.catch_warnings():
        # A variance at its bound of zero is an answer here, and `note` says whether it converged.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", SingularMatrixWarning)
        try:
            fit = MixedLM.from_formula(
                "difference ~ 1",
                data,
                groups=np.zeros(len(data)),
                re_formula="0",
                vc_formula={"seed": "0 + C(seed)", "image": "0 + C(image_id)"},
            ).fit(reml=True)
        except np.linalg.LinAlgError:
            return MixedFit(mean, seeds, images, "the model is singular")
    parts = dict(zip(fit.model.exog_vc.names, np.sqrt(np.maximum(fit.vcomp, 0)), strict=True))
    return MixedFit(
        mean=float(fit.fe_params.iloc[0]),
        seeds=seeds,
        images=images,
        note="" if fit.converged else "did not converge",
        error=float(fit.bse_fe.iloc[0]),
        p=float(fit.pvalues.iloc[0]),
        seed_sd=float(parts["seed"]),
        image_sd=float(parts["image"]),
        rest_sd=float(np.sqrt(fit.scale)),
    )


def _thin(data: pd.DataFrame, rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Keep as many randomly chosen images as `rows` allows, each with all of its seeds."""
    images = np.sort(data["image_id"].unique())
    keep = max(2, rows // max(1, data["seed"].nunique()))
    if len(images) <= keep:
        return data
    chosen = rng.choice(images, size=keep, replace=False)
    return data[data["image_id"].isin(chosen)]
