"""Two further analyses of each contrast, image by image: do they agree with the t-test?

The hierarchical bootstrap draws images inside seeds; the mixed model has both as random effects.
Neither decides a sentence; docs/development/trust.md measures how often their intervals hold the
truth.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.bootstrap import (
    Sums,
    bootstrap_difference,
    dice_sums,
    image_differences,
    observed_scores,
    resample_scores,
)
from frugalseg.statistics.interval import mean_or_nan
from frugalseg.statistics.mixed import fit_mixed

Kind = Literal["dice", "dice_pooled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Metrics that are computed here from the counts of single images."""

COLUMNS = (
    *("a", "b", "metric", "at", "n", "missing", "difference", "boot_low", "boot_high"),
    *("mixed_mean", "mixed_low", "mixed_high", "p_mixed"),
    *("seed_sd", "image_sd", "rest_sd", "seeds", "images", "note"),
)

CountsOf = Mapping[str, Mapping[int, pd.DataFrame]]


class _Resampled(NamedTuple):
    """The images of all arms compared in one metric, and their bootstrap scores."""

    sums: Sums
    missing: str
    scores: NDArray[np.float64]


def sensitivity_table(
    counts: CountsOf,
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row per contrast, in their order, with `COLUMNS`.

    Args:
        counts: arm -> seed -> table with `image_id, tp, fp, fn` of the arm's last round, one class
            and one threshold; empty where there is no such table (several classes).
        contrasts: the planned ones.
        statistics: confidence of both intervals, resamples of the bootstrap.
        rng: every metric and every contrast draws from its own child of it.

    Returns:
        `difference` = a minus b, mean over the `n` seeds that all compared arms have (`missing`
        names the others); `boot_*` = its interval by the hierarchical bootstrap; `mixed_*` and
        `p_mixed` = mean difference by the mixed model with its Wald interval and test, over
        `images` images of `seeds` seeds; `*_sd` = standard deviations of its parts; `note` = why
        numbers are missing.
    """
    resampled: dict[str, _Resampled | None] = {
        kind: _resample(counts, contrasts, kind, statistics.resamples, child)
        for kind, child in zip(KINDS, rng.spawn(len(KINDS)), strict=True)
    }
    rows: list[dict[str, Any]] = []
    for contrast, child in zip(contrasts, rng.spawn(len(contrasts)), strict=True):
        row: dict[str, Any] = {"n": 0, "missing": ""}
        if contrast.at != "final" or contrast.metric not in KINDS:
            row["note"] = f"worked out for the final {' and '.join(KINDS)} only"
        elif (sample := resampled[contrast.metric]) is None:
            row["note"] = "no counts of one class that all compared arms share"
        else:
            row = _row(contrast, sample, statistics.confidence, child)
        rows.append(contrast.model_dump() | row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _resample(
    counts: CountsOf,
    contrasts: Sequence[ContrastParams],
    kind: Kind,
    resamples: int,
    rng: np.random.Generator,
) -> _Resampled | None:
    """Resample the seeds that all arms compared in a metric have; None if there are none."""
    chosen = [c for c in contrasts if c.metric == kind and c.at == "final"]
    arms = {arm: counts.get(arm, {}) for c in chosen for arm in (c.a, c.b)}
    absent = {
        seed: [arm for arm, by_seed in arms.items() if seed not in by_seed]
        for seed in sorted({seed for by_seed in arms.values() for seed in by_seed})
    }
    shared = [seed for seed, names in absent.items() if not names]
    if not shared:
        return None
    sums = dice_sums(
        {arm: {seed: by_seed[seed] for seed in shared} for arm, by_seed in arms.items()}, kind=kind
    )
    missing = (f"seed {s}: no counts of {', '.join(names)}" for s, names in absent.items() if names)
    return _Resampled(sums, "; ".join(missing), resample_scores(sums, rng, resamples=resamples))


def _row(
    contrast: ContrastParams, sample: _Resampled, confidence: float, rng: np.random.Generator
) -> dict[str, Any]:
    sums, a, b = sample.sums, contrast.a, contrast.b
    observed = observed_scores(sums)
    differences = observed[:, sums.arms.index(a)] - observed[:, sums.arms.index(b)]
    defined = differences[np.isfinite(differences)]
    boot = bootstrap_difference(sample.scores, sums, a, b, confidence=confidence)
    row = {
        "n": defined.size,
        "missing": sample.missing,
        "difference": mean_or_nan(defined),
        "boot_low": boot.low,
        "boot_high": boot.high,
    }
    if contrast.metric != "dice":
        return row | {"note": "a ratio over all pixels has no value of an image: no mixed model"}
    fit = fit_mixed(image_differences(sums, a, b), rng)
    reach = stats.norm.isf((1 - confidence) / 2) * fit.error
    bounds = {"mixed_low": fit.mean - reach, "mixed_high": fit.mean + reach}
    return row | fit._asdict() | {"mixed_mean": fit.mean, "p_mixed": fit.p} | bounds
