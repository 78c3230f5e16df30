"""One row for every planned contrast: effects, intervals, tests, planning and the verdict."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import claim_p, detectable_effect, planned_seeds
from frugalseg.statistics.contrast import Pairs, select_pairs
from frugalseg.statistics.effect import (
    cohen_d_z,
    cohen_d_z_interval,
    probability_of_improvement,
    rank_biserial,
    rope,
)
from frugalseg.statistics.interval import (
    bootstrap_intervals,
    is_constant,
    mean_or_nan,
    t_interval,
)
from frugalseg.statistics.paired import adjust, sign_flip, t_test, wilcoxon
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


def contrast_table(
    scores: pd.DataFrame,
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    *,
    rng: np.random.Generator,
    seeds: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return one row per contrast, in their order, with the columns of `COLUMNS`.

    `difference`, its intervals, `d_z`, `rank_biserial` and the rope columns are a minus b in units
    of the metric, whichever way is better; `p_improvement` is the chance that a is better, and
    `better` says which way that is. The verdict follows `p_holm`: `p_claim` (see `claim.claim_p`)
    adjusted over all rows. `seeds_for_*` and `detectable` hold at alpha / number of rows, which is
    what Holm asks of the hardest row.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones and nothing else; they are the family of the correction.
        statistics: error rate over the family; confidence of every interval; resamples of the
            bootstrap, and of sign flips beyond 16 seeds.
        rng: every contrast draws from its own child of it.
        seeds: the planned seeds; by default all that `scores` names.

    Raises:
        FrugalsegError: if an arm, metric, class or threshold is not in `scores`.
    """
    pairs = [select_pairs(scores, contrast, seeds=seeds) for contrast in contrasts]
    rows = [
        _effects(contrast, pair, statistics, child)
        | _tests(contrast, pair.differences, statistics, len(contrasts), child)
        for contrast, pair, child in zip(contrasts, pairs, rng.spawn(len(contrasts)), strict=True)
    ]
    p_values = [row["p_claim"] for row in rows]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["p_holm"], table["p_bh"] = adjust(p_values, "holm"), adjust(p_values, "fdr_bh")
    judged = [
        judge(
            contrast,
            Evidence(
                n=row["n"],
                mean=_sign(contrast) * row["difference"],
                constant=is_constant(pair.differences),
                p=p,
                family=len(contrasts),
                alpha=statistics.alpha,
                detectable=row["detectable"],
                seeds_for_80=row["seeds_for_80"],
                missing=pair.missing,
            ),
        )
        for contrast, pair, row, p in zip(contrasts, pairs, rows, table["p_holm"], strict=True)
    ]
    return table.assign(
        verdict=[str(verdict) for verdict, _ in judged], reason=[reason for _, reason in judged]
    )


def _sign(contrast: ContrastParams) -> int:
    """Return what a difference is multiplied with, so that positive is better."""
    return -1 if contrast.metric in LOWER_IS_BETTER else 1


def _effects(
    contrast: ContrastParams, pairs: Pairs, statistics: StatisticsParams, rng: np.random.Generator
) -> dict[str, Any]:
    differences, confidence = pairs.differences, statistics.confidence
    percentile, bca = bootstrap_intervals(
        differences, rng, confidence=confidence, resamples=statistics.resamples
    )
    intervals = {
        "ci": t_interval(differences, confidence),
        "percentile": percentile,
        "bca": bca,
        "d_z": cohen_d_z_interval(differences, confidence),
    }
    bounds = {f"{name}_low": interval.low for name, interval in intervals.items()}
    bounds |= {f"{name}_high": interval.high for name, interval in intervals.items()}
    return (
        contrast.model_dump()
        | bounds
        | {
            "better": "lower" if contrast.metric in LOWER_IS_BETTER else "higher",
            "at": str(contrast.at),
            "n": len(pairs.seeds),
            "missing": "; ".join(pairs.missing),
            "mean_a": mean_or_nan(pairs.a),
            "mean_b": mean_or_nan(pairs.b),
            "difference": mean_or_nan(differences),
            "d_z": cohen_d_z(differences),
            "rank_biserial": rank_biserial(differences),
            "p_improvement": probability_of_improvement(_sign(contrast) * differences),
        }
    )


def _tests(
    contrast: ContrastParams,
    differences: NDArray[np.float64],
    statistics: StatisticsParams,
    family: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    improvements, level = _sign(contrast) * differences, statistics.alpha / family
    below, inside, above = rope(differences, contrast.margin)
    return {
        "p_t": t_test(differences),
        "p_wilcoxon": wilcoxon(differences),
        "p_permutation": sign_flip(differences, rng, resamples=statistics.resamples),
        "p_claim": claim_p(improvements, contrast, rng, resamples=statistics.resamples),
        "rope_below": below,
        "rope_inside": inside,
        "rope_above": above,
        "seeds_for_80": planned_seeds(improvements, contrast, power=0.8, alpha=level),
        "seeds_for_90": planned_seeds(improvements, contrast, power=0.9, alpha=level),
        "detectable": detectable_effect(improvements, contrast, power=0.8, alpha=level),
    }
