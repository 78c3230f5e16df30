"""The looks of a study, replayed from its scores: what each contrast rests on, what comes next.

Nothing is stored between looks. A contrast is decided at the first look at which its claim, or that
its arms are practically the same, is shown in the order of the plan. Seeds that its arms get later,
for other contrasts, make its estimate better and do not change its verdict.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import claim_p, improvement_sign, planned_seeds, same_p
from frugalseg.statistics.contrast import Pairs, pair_values, select_values
from frugalseg.statistics.order import Levels, adjust_plan
from frugalseg.statistics.sequential.boundary import nominal_level, overall_p
from frugalseg.statistics.sequential.looks import Looks


@dataclass
class Standing:
    """Where one contrast stands.

    Attributes:
        pairs: of the last look that both arms have; of all seeds before the first complete look.
        last_look: place of that look, from 0; None before the first is complete.
        tested: pairs of the look that decided it, or of the last one.
        look: place of that look.
        p_claim, p_same: `overall_p` at that look, not adjusted over the plan; NaN if not tested.
        decided: whether the claim or sameness is shown.
    """

    pairs: Pairs
    tested: Pairs
    last_look: int | None = None
    look: int | None = None
    p_claim: float = math.nan
    p_same: float = math.nan
    decided: bool = False


def replay(
    scores: pd.DataFrame,
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    looks: Looks,
    *,
    seeds: Sequence[int],
    rngs: Sequence[np.random.Generator],
    seeds_of: Mapping[str, int] | None = None,
) -> list[Standing]:
    """Return where each contrast stands after all looks that its arms have the seeds for.

    The first claims that an order shows stay shown at later looks, because their p-values no longer
    change; each look adds to them. Such a procedure shows nothing that the graph of the order does
    not show with group-sequential tests (Maurer and Bretz, 2013), which keep its error rate.

    Args:
        scores: the tidy table of `scores.csv`.
        contrasts: the plan.
        statistics: error rate and order.
        looks: the planned looks.
        seeds: the planned seeds in the order in which they are run; a look has the first of them.
        rngs: of sign flips, one for each contrast.
        seeds_of: arm -> how many of `seeds` it was given; by default up to the last that it has a
            score for. A score that is missing before that is left out of its look, whose level is
            then the smaller one of `boundary.LookLevels.separate`.
    """
    given = seeds_given(scores, seeds) if seeds_of is None else seeds_of
    reached = [min(given.get(c.a, 0), given.get(c.b, 0)) for c in contrasts]
    values = [
        select_values(scores, contrast, seeds=seeds[:n])
        for contrast, n in zip(contrasts, reached, strict=True)
    ]
    standings = [Standing(pairs, pairs) for pairs in map(pair_values, values)]
    streams = [rng.spawn(len(looks.seeds)) for rng in rngs]
    for look, n in enumerate(looks.seeds):
        for place, contrast in enumerate(contrasts):
            if reached[place] < n:
                continue
            pairs = pair_values({seed: values[place][seed] for seed in sorted(seeds[:n])})
            if standings[place].decided:
                standings[place].pairs, standings[place].last_look = pairs, look
                continue
            p_values = look_p_values(
                contrast, pairs, look, looks, streams[place][look], statistics.resamples
            )
            standings[place] = Standing(pairs, pairs, look, look, *p_values)
        all_p = np.array([(one.p_claim, one.p_same) for one in standings]).reshape(-1, 2)
        smallest = np.fmin(*adjust_plan(all_p, contrasts, statistics).T)
        for one, p in zip(standings, smallest, strict=True):
            one.decided = bool(p <= statistics.alpha)
    return standings


def seeds_given(scores: pd.DataFrame, seeds: Sequence[int]) -> dict[str, int]:
    """Return for each arm how many of the planned seeds it has, up to the last with a score."""
    number_of = {seed: number for number, seed in enumerate(seeds, start=1)}
    numbers = scores["seed"].map(number_of).fillna(0).astype(int)
    return {str(arm): int(number) for arm, number in numbers.groupby(scores["arm"]).max().items()}


def look_p_values(
    contrast: ContrastParams,
    pairs: Pairs,
    look: int,
    looks: Looks,
    rng: np.random.Generator,
    resamples: int,
) -> tuple[float, float]:
    """Return the overall p-values of the claim and of sameness at one look; NaN if not tested."""
    improvements = improvement_sign(contrast) * pairs.differences
    complete = len(pairs.seeds) == looks.seeds[look]
    overall = partial(overall_p, look=look, looks=looks, complete=complete)
    p = claim_p(improvements, contrast, rng, resamples=resamples)
    p_claim, p_same = float(overall(p, sides=sides_of(contrast))), math.nan
    if contrast.tests_sameness:
        p = same_p(improvements, contrast.margin, rng, resamples=resamples)
        p_same = float(overall(p, sides=1))
    return p_claim, p_same


def sides_of(contrast: ContrastParams) -> int:
    """Return how many sides the test of a claim has."""
    return 2 if contrast.claim == "superior" else 1


def levels_at(
    contrast: ContrastParams, levels: Levels, look: int, looks: Looks, *, complete: bool = True
) -> Levels:
    """Return the nominal levels at one look of a contrast that is planned at `levels`."""
    nominal = partial(nominal_level, look=look, looks=looks, complete=complete)
    same = nominal(levels.same, sides=1) if contrast.tests_sameness else math.nan
    return Levels(nominal(levels.claim, sides=sides_of(contrast)), same)


def seeds_to_decide(
    improvements: NDArray[np.float64],
    contrast: ContrastParams,
    levels: Levels,
    looks: Looks,
    *,
    after: int,
    power: float,
) -> float:
    """Return the seeds of the first look to come that would decide a contrast.

    As `claim.planned_seeds`, at the level of each look; beyond the last look, at the level of that.

    Args:
        improvements, contrast, levels, power: as in `claim.planned_seeds`.
        looks: the planned looks.
        after: number of seeds already looked at.

    Returns:
        A number of `looks`, or a larger whole number; `inf` if no number would do; NaN without
        spread.
    """
    needed = math.nan
    for look, n in enumerate(looks.seeds):
        if n <= after < looks.last:
            continue
        at_look = levels_at(contrast, levels, look, looks)
        needed = planned_seeds(improvements, contrast, at_look, power=power)
        if needed <= n:
            return float(n)
    return needed


def next_seeds(
    table: pd.DataFrame, looks: Looks, seeds_of: Mapping[str, int], starts: Mapping[str, str]
) -> dict[str, int]:
    """Return how many of the planned seeds each arm needs at the next look.

    The arms of an undecided contrast need those of the look after the one that it rests on, and so
    does every arm that they start from. All others keep what they have, and so does every arm once
    all contrasts are decided or at the last look.

    Args:
        table: contrasts.csv (`summarize.contrast_table` with looks).
        looks: the planned looks.
        seeds_of: arm -> how many of the planned seeds it has.
        starts: arm -> the arm that it starts from.
    """
    needed = dict(seeds_of)
    for row in table[~table["decided"]].to_dict("records"):
        reached = 0 if pd.isna(row["look"]) else row["look"]
        target = next((n for n in looks.seeds if n > reached), looks.last)
        for arm in (row["a"], row["b"]):
            while arm is not None:
                needed[arm] = max(needed.get(arm, 0), target)
                arm = starts.get(arm)
    return needed
