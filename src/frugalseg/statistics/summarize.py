"""One row for every planned contrast: effects, intervals, tests, planning and the verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import (
    claim_p,
    detectable_effect,
    improvement_sign,
    planned_seeds,
    same_p,
    tests_of,
)
from frugalseg.statistics.contrast import Pairs, select_pairs
from frugalseg.statistics.effect import (
    cohen_d_z,
    cohen_d_z_interval,
    probability_of_improvement,
    rank_biserial,
    rope,
)
from frugalseg.statistics.interval import (
    UNDEFINED,
    bootstrap_intervals,
    is_constant,
    mean_or_nan,
    t_interval,
)
from frugalseg.statistics.order import ORDER_NAMES, Levels, adjust_plan, contrast_levels
from frugalseg.statistics.paired import adjust_for_discovery, sign_flip, t_test, wilcoxon
from frugalseg.statistics.sequential.boundary import repeated_interval
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.sequential.replay import Standing, levels_at, replay, seeds_to_decide
from frugalseg.statistics.verdict import Evidence, Sameness, judge

COLUMNS = (
    *("a", "b", "metric", "better", "at", "claim", "margin", "n", "missing"),
    *("mean_a", "mean_b", "difference", "ci_low", "ci_high"),
    *("percentile_low", "percentile_high", "bca_low", "bca_high"),
    *("d_z", "d_z_low", "d_z_high", "rank_biserial", "p_improvement"),
    *("p_t", "p_wilcoxon", "p_permutation", "p_claim", "p_adjusted", "p_same", "p_bh"),
    *("rope_below", "rope_inside", "rope_above"),
    *("level", "seeds_for_80", "seeds_for_90", "detectable", "detectable_same"),
    *("verdict", "reason", "look", "decided"),
)


def contrast_table(
    scores: pd.DataFrame,
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    *,
    rng: np.random.Generator,
    seeds: Sequence[int] | None = None,
    looks: Looks | None = None,
    seeds_of: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Return one row per contrast, in their order, with the columns of `COLUMNS`.

    `difference`, its intervals, `d_z`, `rank_biserial` and the rope columns are a minus b in units
    of the metric, whichever way is better; `p_improvement` is the chance that a is better, and
    `better` says which way that is. The verdict follows `p_adjusted`: `p_claim` (see
    `claim.claim_p`) adjusted over all rows in the order of `statistics`; and `p_same`: the p-value
    of "practically the same" (`claim.same_p`), adjusted by Holm over the rows that state a margin
    under `superior`, a family of its own; NaN in the others. `seeds_for_*` and `detectable` hold at
    `level` (`order.planning_levels`), `detectable_same` at alpha / number of those rows.
    `decided` says whether a claim or sameness is shown.

    With `looks`, the verdict rests on the seeds of the row's `look` (`sequential.replay`), which is
    missing before the first: `p_claim` and `p_same` are error rates over all looks at that one. All
    else is of the last look that both arms have: `ci_low` and `ci_high` are the repeated interval,
    `seeds_for_*` numbers of seeds at a look to come, and `detectable` holds at the level of that
    look. Other intervals and p-values stay those of one look and decide nothing.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the planned ones and nothing else, in their order; they are the family.
        statistics: error rate over each family and the order; confidence of every interval;
            resamples of the bootstrap, and of sign flips beyond 16 seeds.
        rng: every contrast draws from its own child of it.
        seeds: the planned seeds; by default all that `scores` names. With looks, in the order in
            which they are run.
        looks: when a group-sequential study is tested; by default once, with all seeds.
        seeds_of: arm -> how many of `seeds` it was given; see `sequential.replay`.

    Raises:
        FrugalsegError: if an arm, metric, class or threshold is not in `scores`.
    """
    rngs = rng.spawn(len(contrasts))
    if looks:
        planned = sorted(set(scores["seed"])) if seeds is None else seeds
        standings = replay(
            *(scores, contrasts, statistics, looks), seeds=planned, rngs=rngs, seeds_of=seeds_of
        )
    else:
        pairs = [select_pairs(scores, one, seeds=seeds) for one in contrasts]
        standings = [Standing(of_one, of_one) for of_one in pairs]
    levels = contrast_levels(contrasts, statistics)
    rows = [
        _row(*of_one, statistics, looks)
        for of_one in zip(contrasts, standings, levels, rngs, strict=True)
    ]
    return _judged(
        pd.DataFrame(rows, columns=list(COLUMNS)), contrasts, standings, statistics, looks
    )


def _judged(
    table: pd.DataFrame,
    contrasts: Sequence[ContrastParams],
    standings: Sequence[Standing],
    statistics: StatisticsParams,
    looks: Looks | None,
) -> pd.DataFrame:
    """Return the table with p-values adjusted over the plan, and the verdicts."""
    p_values = table[["p_claim", "p_same"]].to_numpy(np.float64)
    adjusted = adjust_plan(p_values, contrasts, statistics)
    table = table.assign(
        p_adjusted=adjusted[:, 0],
        p_same=adjusted[:, 1],
        p_bh=adjust_for_discovery(p_values[:, 0]),
        look=table["look"].astype("Int64"),
        decided=np.fmin(*adjusted.T) <= statistics.alpha,
    )
    records = zip(contrasts, standings, table.to_dict("records"), strict=True)
    judged = [
        judge(contrast, _evidence(contrast, standing.tested, row, statistics, contrasts, looks))
        for contrast, standing, row in records
    ]
    verdicts, reasons = zip(*judged, strict=True) if judged else ((), ())
    return table.assign(verdict=[str(verdict) for verdict in verdicts], reason=list(reasons))


def _row(
    contrast: ContrastParams,
    standing: Standing,
    levels: Levels,
    rng: np.random.Generator,
    statistics: StatisticsParams,
    looks: Looks | None,
) -> dict[str, Any]:
    """Return what is known of one contrast before the plan is considered."""
    row = _effects(contrast, standing.pairs, statistics, rng)
    row |= _tests(contrast, standing.pairs.differences, statistics, levels, rng)
    return row | (_at_look(contrast, standing, statistics, levels, looks) if looks else {})


def _evidence(
    contrast: ContrastParams,
    pairs: Pairs,
    row: dict[Any, Any],
    statistics: StatisticsParams,
    contrasts: Sequence[ContrastParams],
    looks: Looks | None,
) -> Evidence:
    family = sum(other.tests_sameness for other in contrasts)
    same = Sameness(row["p_same"], family, row["detectable_same"])
    planned = f"{len(contrasts)} planned" + (f" and {len(looks.seeds)} looks" if looks else "")
    return Evidence(
        n=len(pairs.seeds),
        mean=improvement_sign(contrast) * mean_or_nan(pairs.differences),
        constant=is_constant(pairs.differences),
        p=row["p_adjusted"],
        adjustment=f"after {ORDER_NAMES[statistics.order]} over {planned}",
        level=row["level"],
        alpha=statistics.alpha,
        detectable=row["detectable"],
        seeds_for_80=row["seeds_for_80"],
        same=same if contrast.tests_sameness else None,
        missing=pairs.missing,
        looks=looks,
    )


def _at_look(
    contrast: ContrastParams,
    standing: Standing,
    statistics: StatisticsParams,
    levels: Levels,
    looks: Looks,
) -> dict[str, Any]:
    """Return what a row of a group-sequential study has instead of what holds at one look only."""
    pairs, look = standing.pairs, standing.last_look
    improvements = improvement_sign(contrast) * pairs.differences
    after = 0 if look is None or standing.decided else looks.seeds[look]
    values: dict[str, Any] = {
        f"seeds_for_{percent}": seeds_to_decide(
            improvements, contrast, levels, looks, after=after, power=percent / 100
        )
        for percent in (80, 90)
    }
    values |= {"p_claim": standing.p_claim, "p_same": standing.p_same}
    interval = UNDEFINED
    if look is not None:
        interval = repeated_interval(pairs.differences, look, looks, statistics.confidence)
        complete = len(pairs.seeds) == looks.seeds[look]
        nominal = levels_at(contrast, levels, look, looks, complete=complete)
        values |= _detectable(improvements, contrast, nominal)
    if standing.look is not None:
        values["look"] = looks.seeds[standing.look]
    return values | {"ci_low": interval.low, "ci_high": interval.high}


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
            "p_improvement": probability_of_improvement(improvement_sign(contrast) * differences),
        }
    )


def _tests(
    contrast: ContrastParams,
    differences: NDArray[np.float64],
    statistics: StatisticsParams,
    levels: Levels,
    rng: np.random.Generator,
) -> dict[str, Any]:
    improvements, resamples = improvement_sign(contrast) * differences, statistics.resamples
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
    }
    if contrast.tests_sameness:
        tests["p_same"] = same_p(improvements, contrast.margin, rng, resamples=resamples)
    return tests | _detectable(improvements, contrast, levels)


def _detectable(
    improvements: NDArray[np.float64], contrast: ContrastParams, levels: Levels
) -> dict[str, float]:
    """Return the smallest effects that these seeds can show, by outcome."""
    names = ("detectable", "detectable_same")
    tests = tests_of(contrast, levels)
    return {
        name: detectable_effect(improvements, claim, power=0.8, alpha=level)
        for name, (claim, level) in zip(names, tests, strict=False)
    }
