"""Before anything is run: what a number of seeds can decide, and what a further seed costs."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import seeds_to_show, smallest_d_z, tests_of
from frugalseg.statistics.order import contrast_levels
from frugalseg.statistics.paired import smallest_rank_p
from frugalseg.statistics.power import seeds_needed, smallest_effect

POWER = 0.8
"""Power at which a contrast or margin counts as decided by a plan."""


def power_table(seeds: Sequence[int], level: float, *, spread: float | None = None) -> pd.DataFrame:
    """Return one row for each number of seeds.

    Args:
        seeds: the numbers of seeds, each >= 1.
        level: of the hardest contrast, see `order.planning_levels`.
        spread: standard deviation of the paired difference, from an earlier study, in units of the
            metric; without it the columns in those units are left out.

    Returns:
        `seeds`; `d_z_80`, `d_z_90`: smallest standardized difference that the hardest contrast
        shows with that power; `difference_80`, `difference_90` = the same times `spread`;
        `smallest_rank_p` and `rank_tests_can_decide`: whether Wilcoxon and sign flips can ever fall
        below the level of the hardest contrast.
    """
    table = pd.DataFrame({"seeds": list(seeds)})
    for name, power in (("80", 0.8), ("90", 0.9)):
        effects = [smallest_effect(count, power=power, alpha=level) for count in seeds]
        table[f"d_z_{name}"] = effects
        if spread is not None:
            table[f"difference_{name}"] = np.multiply(effects, spread)
    table["smallest_rank_p"] = [smallest_rank_p(count) for count in seeds]
    table["rank_tests_can_decide"] = table["smallest_rank_p"] <= level
    return table


def seeds_table(effects: Sequence[float], level: float) -> pd.DataFrame:
    """Return for each d_z the seeds that the hardest contrast needs at 80 and 90 % power."""
    return pd.DataFrame(
        {
            "d_z": list(effects),
            "seeds_80": [seeds_needed(effect, power=0.8, alpha=level) for effect in effects],
            "seeds_90": [seeds_needed(effect, power=0.9, alpha=level) for effect in effects],
        }
    )


def decision_table(
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    seeds: int,
    spreads: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Return what the planned seeds can decide at 80 % power, one row a contrast.

    A margin under `superior` is decided if a true difference as large as the margin would be shown,
    and if equal arms would be shown to be practically the same; any other margin, if equal arms
    would be shown to keep it.

    Args:
        contrasts: the planned ones, in their order.
        statistics: error rate and order.
        seeds: planned seeds, >= 1.
        spreads: standard deviation of each paired difference over seeds, as far as measured; NaN
            where it is not.

    Returns:
        `level`: of the contrast's claim; `d_z`: smallest difference that can be shown (under
        `not_worse` and `equivalent`: smallest margin that equal arms can keep), in standard
        deviations; `margin`: NaN if none is stated; `largest_spread`: up to which the margin is
        decided. With `spreads` also `spread`, `smallest` = `d_z` in units of the metric, and
        `seeds_for_margin`: how many would decide the margin at that spread. NaN below two seeds.
    """
    levels = contrast_levels(contrasts, statistics)
    planned = [tests_of(*pair) for pair in zip(contrasts, levels, strict=True)]
    rows = []
    for contrast, tests in zip(contrasts, planned, strict=True):
        effects = [smallest_d_z(seeds, claim, power=POWER, alpha=level) for claim, level in tests]
        margin = contrast.margin or math.nan
        rows.append((tests[0][1], effects[0], margin, margin / max(effects)))
    table = pd.DataFrame(rows, columns=["level", "d_z", "margin", "largest_spread"])
    if spreads is None:
        return table
    table["spread"] = list(spreads)
    table["smallest"] = table["d_z"] * table["spread"]
    return table.assign(
        seeds_for_margin=[
            max(
                seeds_to_show(claim, margin / spread, power=POWER, alpha=level)
                for claim, level in tests
            )
            for tests, margin, spread in zip(planned, table["margin"], table["spread"], strict=True)
        ]
    )


def images_table(
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    seeds: int,
    new_images: pd.DataFrame,
) -> list[float]:
    """Return the test images with which each margin would be decided for new images too.

    The mean difference over S seeds and I groups of test images has the variance s_seed^2 / S +
    (s_image^2 + s_rest^2 / S) / I (`crossed.crossed_interval`). I is solved for the standard error
    at which the margin is decided at 80 % power, by the t distribution of the planned seeds.

    Args:
        contrasts: the planned ones, in their order.
        statistics: error rate and order.
        seeds: planned seeds, S.
        new_images: of an earlier study, see `new_images.new_image_table`.

    Returns:
        One number a contrast, as many images a group as in that study; `inf` where the seeds alone
        leave the margin open; NaN without a margin, or where that study has no such contrast.
    """
    levels = contrast_levels(contrasts, statistics)
    keys = ["a", "b", "metric", "at"]
    measured = {tuple(map(str, row[keys])): row for _, row in new_images.iterrows()}
    needed = []
    for contrast, level in zip(contrasts, levels, strict=True):
        row = measured.get(tuple(str(getattr(contrast, key)) for key in keys))
        if row is None or not contrast.margin or seeds < 2 or not row["image_sd"] >= 0:
            needed.append(math.nan)
            continue
        effect = max(
            smallest_d_z(seeds, claim, power=POWER, alpha=alpha)
            for claim, alpha in tests_of(contrast, level)
        )
        error = (contrast.margin / effect) ** 2 / seeds - row["seed_sd"] ** 2 / seeds
        spread = row["image_sd"] ** 2 + row["rest_sd"] ** 2 / seeds
        groups = spread / error if error > 0 else math.inf
        images = groups * row["images"] / row["groups"]
        needed.append(math.ceil(images) if math.isfinite(images) else images)
    return needed


PLAN_COLUMNS = (
    *("a", "b", "metric", "at", "claim", "n", "detectable", "seeds_for_80", "seeds_for_90"),
    *("further_80", "further_90", "core_hours_80", "core_hours_90"),
)


def plan_table(contrasts: pd.DataFrame, hours_per_seed: float) -> pd.DataFrame:
    """Return for each contrast how many seeds more would settle it, and what they would cost.

    Args:
        contrasts: the table of `summarize.contrast_table`.
        hours_per_seed: core-hours of one further seed of all arms, >= 0.

    Returns:
        The contrasts' columns named in `PLAN_COLUMNS`; `further_*`: seeds beyond those that were
        run, 0 where they are enough, `inf` where no number would do, NaN without a spread;
        `core_hours_*`: what those cost.
    """
    table = contrasts.reindex(columns=list(PLAN_COLUMNS))
    for power in ("80", "90"):
        further = (contrasts[f"seeds_for_{power}"] - contrasts["n"]).clip(lower=0)
        table[f"further_{power}"] = further
        table[f"core_hours_{power}"] = further * hours_per_seed
    return table


def core_hours_per_seed(runs: pd.DataFrame) -> pd.Series:
    """Return the core-hours that one further seed costs, by arm, with `all` for their sum.

    Args:
        runs: one row for each trained round, with `arm, seed, seconds` (wall clock of the training)
            and `threads`.

    Returns:
        float64, mean over the seeds that were run; 0 without any runs.
    """
    spent = runs.assign(hours=runs["seconds"] * runs["threads"] / 3600)
    by_arm = spent.groupby(["arm", "seed"])["hours"].sum().groupby("arm").mean()
    by_arm.loc["all"] = by_arm.sum()
    return by_arm
