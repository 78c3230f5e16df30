"""The statistics beside the contrasts of a made-up study."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.budget_table import (
    budget_contrasts,
    goal_table,
    reference_arm,
    with_starts,
)
from frugalseg.statistics.forecast.table import forecast_tables
from frugalseg.statistics.planning import plan_table
from frugalseg.statistics.ranking import ranking_tables
from frugalseg.statistics.summarize import contrast_table


def planned_contrasts(
    arms: Mapping[str, Mapping[str, Any]], *, any_planned: bool
) -> list[ContrastParams]:
    planned = [
        ContrastParams(a="entropy", b="random"),
        ContrastParams(a="random", b="full", claim="not_worse", margin=0.02),
        ContrastParams(a="mean_teacher", b="initial"),
        ContrastParams(a="random", b="initial", at="final", metric="recall"),
    ]
    return [c for c in planned if c.a in arms and c.b in arms and any_planned]


def further_tables(
    scores: pd.DataFrame,
    contrasts: pd.DataFrame,
    planned: Sequence[ContrastParams],
    arms: Mapping[str, Mapping[str, Any]],
) -> dict[str, pd.DataFrame]:
    """The tables beside the contrasts; the numbers for new images are made up."""
    starts = {arm: str(spec["start"]) for arm, spec in arms.items() if "rounds" in spec}
    whole, reference = with_starts(scores, starts), reference_arm(scores)
    ranking, pairs = ranking_tables(scores, "dice")
    new_images = contrasts[["a", "b", "metric", "at", "n", "difference"]].assign(
        missing="", images=10, groups=6, seed_sd=0.02, image_sd=0.05, rest_sd=0.04, note="",
        new_low=2 * contrasts["ci_low"] - contrasts["difference"],
        new_high=2 * contrasts["ci_high"] - contrasts["difference"],
    )  # fmt: skip
    curves = {arm: [name for name in ("full", starts[arm], arm) if name in arms] for arm in starts}
    forecasts = forecast_tables(scores, curves, "dice", np.random.default_rng(5))
    hours = {"arm": [*arms, "all"], "core_hours": [0.25] * len(arms) + [1.25]}
    return {
        "budgets": budget_contrasts(whole, planned),
        "goal": goal_table(whole, reference),
        "ranking": ranking,
        "pairs": pairs,
        "new_images": new_images,
        "plans": plan_table(contrasts, 1.25),
        "costs": pd.DataFrame(hours),
        **forecasts._asdict(),
    }


def made_up_contrasts(scores: pd.DataFrame, planned: Sequence[ContrastParams]) -> pd.DataFrame:
    table = contrast_table(
        scores, planned, StatisticsParams(resamples=99), rng=np.random.default_rng(3)
    )
    return table.assign(standing="confirmatory", seeds_added="", order_changed="")


def confusion_table(runs: Sequence[tuple[str, int, int, float]], classes: int) -> pd.DataFrame:
    """The confusion of every run: of 100 pixels of class k, 60 + k are right, the rest is 0."""
    rows = []
    for arm, seed, number, _ in runs:
        for threshold in ("validation", "half"):
            for true in range(classes + 1):
                pixels = np.zeros(classes + 1, int)
                pixels[true] += 60 + true
                pixels[0] += 40 - true
                rows += [
                    (arm, seed, number, threshold, true, p, pixels[p]) for p in range(classes + 1)
                ]
    names = ["arm", "seed", "round", "threshold", "true", "pred", "pixels"]
    return pd.DataFrame(rows, columns=names)
