"""One row for every planned contrast: effects, intervals, tests, planning and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.claim import claim_p, detectable_effect, planned_seeds
from frugalseg.statistics.contrast import Contrast, Pairs, select_pairs
from frugalseg.statistics.effect import (
    cohen_d_z,
    cohen_d_z_interval,
    probability_of_improvement,
    rank_biserial,
)
from frugalseg.statistics.equivalence import rope
from frugalseg.statistics.interval import bootstrap_intervals, is_constant, t_interval
from frugalseg.statistics.paired import benjamini_hochberg, holm, sign_flip, t_test, wilcoxon
from frugalseg.statistics.verdict import Evidence, judge

COLUMNS = (
    *("a", "b", "metric", "better", "at", "claim", "margin", "n", "missing"),
    *("mean_a", "mean_b", "difference", "ci_low", "ci_high"),
    *("percentile_low", "percentile_high", "bca_low", "bca_high"),
    *("d_z", "d_z_low", "d_z_high", "rank_biserial", "p_improvement"),
    *("p_t", "p_wilcoxon", "p_permutation", "p_claim", "p_holm", "p_bh"),
    *("rope_below", "rope_inside", "rope_above"),
    *("seeds_for_80", "seeds_for_90", "detectable", "verdict", "reason"),
)


@dataclass(frozen=True)
class _Settings:
    alpha: float
    confidence: float
    resamples: int
    family: int


def contrast_table(
    scores: pd.DataFrame,
    contrasts: Sequence[Contrast],
    *,
    alpha: float = 0.05,
    confidence: float = 0.95,
    resamples: int = 9999,
    rng: np.random.Generator,
    seeds: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return one row per contrast, in the order given, with the columns of `COLUMNS`.

    `difference`, its intervals, `d_z`, `rank_biserial` and the rope columns are a minus b in units
    of the metric, whichever way is better; `p_improvement` is the chance that a is better, and
    `better` says which way that is. The verdict follows `p_holm`: `p_claim` (see `claim.claim_p`)
    adjusted over all rows. `seeds_for_*` and `detectable` hold at alpha / number of rows, which is
    what Holm asks of the hardest row.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones and nothing else; they are the family of the correction.
        alpha: error rate over the family.
        confidence: of every interval.
        resamples: of the bootstrap, and of sign flips beyond 16 seeds.
        rng: every contrast draws from its own child of it.
        seeds: the planned seeds; by default all that `scores` names.

    Raises:
        FrugalsegError: if an arm, metric, class or threshold is not in `scores`.
    """
    settings = _Settings(alpha, confidence, resamples, len(contrasts))
    rows: list[dict[str, Any]] = []
    for contrast, child in zip(contrasts, rng.spawn(len(contrasts)), strict=True):
        pairs = select_pairs(scores, contrast, seeds=seeds)
        sign = -1.0 if contrast.metric in LOWER_IS_BETTER else 1.0
        rows.append(
            _head(contrast, pairs, sign)
            | _effects(pairs.differences, sign, settings, child)
            | _tests(contrast, pairs.differences, sign, settings, child)
            | {"pairs": pairs}
        )
    _add_verdicts(rows, contrasts, settings)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _head(contrast: Contrast, pairs: Pairs, sign: float) -> dict[str, Any]:
    return {
        "a": contrast.a,
        "b": contrast.b,
        "metric": contrast.metric,
        "better": "higher" if sign > 0 else "lower",
        "at": str(contrast.at),
        "claim": contrast.claim,
        "margin": contrast.margin,
        "n": len(pairs.seeds),
        "missing": "; ".join(pairs.missing),
        "mean_a": float(pairs.a.mean()) if pairs.seeds else np.nan,
        "mean_b": float(pairs.b.mean()) if pairs.seeds else np.nan,
        "difference": float(pairs.differences.mean()) if pairs.seeds else np.nan,
    }


def _effects(
    differences: NDArray[np.float64], sign: float, settings: _Settings, rng: np.random.Generator
) -> dict[str, Any]:
    student = t_interval(differences, settings.confidence)
    percentile, bca = bootstrap_intervals(
        differences, rng, confidence=settings.confidence, resamples=settings.resamples
    )
    standardized = cohen_d_z_interval(differences, settings.confidence)
    return {
        "ci_low": student.low,
        "ci_high": student.high,
        "percentile_low": percentile.low,
        "percentile_high": percentile.high,
        "bca_low": bca.low,
        "bca_high": bca.high,
        "d_z": cohen_d_z(differences),
        "d_z_low": standardized.low,
        "d_z_high": standardized.high,
        "rank_biserial": rank_biserial(differences),
        "p_improvement": probability_of_improvement(sign * differences),
    }


def _tests(
    contrast: Contrast,
    differences: NDArray[np.float64],
    sign: float,
    settings: _Settings,
    rng: np.random.Generator,
) -> dict[str, Any]:
    better = sign * differences
    below, inside, above = rope(differences, contrast.margin)
    level = settings.alpha / settings.family
    return {
        "p_t": t_test(differences),
        "p_wilcoxon": wilcoxon(differences),
        "p_permutation": sign_flip(differences, rng, resamples=settings.resamples),
        "p_claim": claim_p(better, contrast, rng, resamples=settings.resamples),
        "rope_below": below,
        "rope_inside": inside,
        "rope_above": above,
        "seeds_for_80": planned_seeds(better, contrast, power=0.8, alpha=level),
        "seeds_for_90": planned_seeds(better, contrast, power=0.9, alpha=level),
        "detectable": detectable_effect(better, contrast, power=0.8, alpha=level),
    }


def _add_verdicts(
    rows: list[dict[str, Any]], contrasts: Sequence[Contrast], settings: _Settings
) -> None:
    """Add what can be known only when all rows are there: adjusted p-values and the verdicts."""
    p_values = [row["p_claim"] for row in rows]
    adjusted = zip(holm(p_values), benjamini_hochberg(p_values), strict=True)
    for row, contrast, (p_holm, p_bh) in zip(rows, contrasts, adjusted, strict=True):
        evidence = Evidence(
            n=row["n"],
            mean=row["difference"] if row["better"] == "higher" else -row["difference"],
            constant=is_constant(row["pairs"].differences),
            p=float(p_holm),
            family=settings.family,
            alpha=settings.alpha,
            detectable=row["detectable"],
            seeds_for_80=row["seeds_for_80"],
            missing=row["pairs"].missing,
        )
        word, reason = judge(contrast, evidence)
        row.update(p_holm=float(p_holm), p_bh=float(p_bh), verdict=str(word), reason=reason)
