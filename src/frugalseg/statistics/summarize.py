"""One row for every planned contrast: effects, intervals, tests, planning and the verdict."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import claim_p, detectable_effect, planned_seeds, same_p
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
from frugalseg.statistics.order import ORDER_NAMES, Levels, adjust_p_values, contrast_levels
from frugalseg.statistics.paired import adjust_for_discovery, sign_flip, t_test, wilcoxon
from frugalseg.statistics.verdict import Evidence, Sameness, judge

COLUMNS = (
    *("a", "b", "metric", "better", "at", "claim", "margin", "n", "missing"),
    *("mean_a", "mean_b", "difference", "ci_low", "ci_high"),
    *("percentile_low", "percentile_high", "bca_low", "bca_high"),
    *("d_z", "d_z_low", "d_z_high", "rank_biserial", "p_improvement"),
    *("p_t", "p_wilcoxon", "p_permutation", "p_claim", "p_adjusted", "p_same", "p_bh"),
    *("rope_below", "rope_inside", "rope_above"),
    *("level", "seeds_for_80", "seeds_for_90", "detectable", "detectable_same"),
    *("verdict", "reason"),
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
    `better` says which way that is. The verdict follows `p_adjusted`: `p_claim` (see
    `claim.claim_p`) adjusted over all rows in the order of `statistics`; and `p_same`: the p-value
    of "practically the same" (`claim.same_p`), adjusted by Holm over the rows that state a margin
    under `superior`, a family of its own; NaN in the others. `seeds_for_*` and `detectable` hold at
    `level` (`order.planning_levels`), `detectable_same` at alpha / number of those rows.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones and nothing else, in their order; they are the family.
        statistics: error rate over each family and the order; confidence of every interval;
            resamples of the bootstrap, and of sign flips beyond 16 seeds.
        rng: every contrast draws from its own child of it.
        seeds: the planned seeds; by default all that `scores` names.

    Raises:
        FrugalsegError: if an arm, metric, class or threshold is not in `scores`.
    """
    pairs = [select_pairs(scores, contrast, seeds=seeds) for contrast in contrasts]
    levels = contrast_levels(contrasts, statistics)
    rows = [
        _effects(contrast, pair, statistics, child)
        | _tests(contrast, pair.differences, statistics, level, child)
        for contrast, pair, level, child in zip(
            contrasts, pairs, levels, rng.spawn(len(contrasts)), strict=True
        )
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    p_values = table[["p_claim", "p_same"]].to_numpy(np.float64, copy=True)
    weights = [contrast.weight for contrast in contrasts]
    with_margin = np.array([contrast.tests_sameness for contrast in contrasts], dtype=bool)
    p_values[with_margin, 1] = adjust_p_values(p_values[with_margin, 1], "holm")
    table = table.assign(
        p_adjusted=adjust_p_values(p_values[:, 0], statistics.order, weights),
        p_same=p_values[:, 1],
        p_bh=adjust_for_discovery(p_values[:, 0]),
    )
    judged = [
        judge(contrast, _evidence(contrast, pair, row, statistics, contrasts))
        for contrast, pair, row in zip(contrasts, pairs, table.to_dict("records"), strict=True)
    ]
    return table.assign(
        verdict=[str(verdict) for verdict, _ in judged], reason=[reason for _, reason in judged]
    )


def _evidence(
    contrast: ContrastParams,
    pairs: Pairs,
    row: dict[Any, Any],
    statistics: StatisticsParams,
    contrasts: Sequence[ContrastParams],
) -> Evidence:
    family = sum(other.tests_sameness for other in contrasts)
    same = Sameness(row["p_same"], family, row["detectable_same"])
    return Evidence(
        n=row["n"],
        mean=_sign(contrast) * row["difference"],
        constant=is_constant(pairs.differences),
        p=row["p_adjusted"],
        adjustment=f"after {ORDER_NAMES[statistics.order]} over {len(contrasts)} planned",
        level=row["level"],
        alpha=statistics.alpha,
        detectable=row["detectable"],
        seeds_for_80=row["seeds_for_80"],
        same=same if contrast.tests_sameness else None,
        missing=pairs.missing,
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
    levels: Levels,
    rng: np.random.Generator,
) -> dict[str, Any]:
    improvements, resamples = _sign(contrast) * differences, statistics.resamples
    below, inside, above = rope(differences, contrast.margin)
    tests = {
        "p_t": t_test(differences),
        "p_wilcoxon": wilcoxon(differences),
        "p_permutation": sign_flip(differences, rng, resamples=resamples),
        "p_claim": claim_p(improvements, contrast, rng, resamples=resamples),
        "rope_below": below,
        "rope_inside": inside,
        "rope_above": above,
        "level": levels.claim,
        "seeds_for_80": planned_seeds(improvements, contrast, levels, power=0.8),
        "seeds_for_90": planned_seeds(improvements, contrast, levels, power=0.9),
        "detectable": detectable_effect(
            improvements, contrast.claim, power=0.8, alpha=levels.claim
        ),
    }
    if contrast.tests_sameness:
        tests["p_same"] = same_p(improvements, contrast.margin, rng, resamples=resamples)
        tests["detectable_same"] = detectable_effect(
            improvements, "equivalent", power=0.8, alpha=levels.same
        )
    return tests
