"""Stage `test`: the planned contrasts, and the tables that help to read them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core.files import read_json, write_csv
from frugalseg.core.randomness import generator
from frugalseg.params.registration import read_registration
from frugalseg.settings.study import ContrastParams, Order, StatisticsParams
from frugalseg.statistics.budget_table import (
    budget_contrasts,
    labels_table,
    reference_arm,
    with_starts,
)
from frugalseg.statistics.curve import curve_table
from frugalseg.statistics.planning import core_hours_per_seed, plan_table
from frugalseg.statistics.preregistration import PlannedOrder, changed_order, standing
from frugalseg.statistics.ranking import ranking_tables
from frugalseg.statistics.sensitivity import sensitivity_table
from frugalseg.statistics.summarize import contrast_table

Counts = dict[str, dict[int, pd.DataFrame]]


def run(
    scores_file: Path,
    counts: Mapping[tuple[str, int], Path],
    records: Sequence[Path],
    registration: Path,
    out: Path,
    *,
    contrasts: list[dict[str, Any]],
    seeds: list[int],
    starts: dict[str, str],
    metric: str,
    goal: float,
    order: Order,
    alpha: float,
    confidence: float,
    resamples: int,
    seed: int,
) -> None:
    """Write a CSV file for each table into the folder `out`.

    Args:
        counts: by (arm, seed), counts.parquet of the evaluation.
        records: run.json of every training.
        registration: see `frugalseg.params.registration`; need not exist.
        starts: arm -> the arm whose labels it adds to.
        metric: of the budget curve and the ranking.
        goal: share of the fully labeled arm's score up to which labels are counted.
    """
    scores = pd.read_csv(scores_file)
    planned = [ContrastParams(**contrast) for contrast in contrasts]
    statistics = StatisticsParams(
        alpha=alpha, order=order, confidence=confidence, resamples=resamples
    )
    rng = generator(seed, "test")
    continued = with_starts(scores, starts)
    full = reference_arm(continued)
    tables = {
        "contrasts": contrast_table(scores, planned, statistics, rng=rng, seeds=seeds).assign(
            **_standing(planned, seeds, order, registration)
        ),
        "curve": curve_table(scores, metric, confidence=confidence),
        "budgets": budget_contrasts(continued, planned, full, share=goal, confidence=confidence),
        "labels": labels_table(continued, full, metric, share=goal),
        **dict(zip(("ranking", "pairs"), ranking_tables(scores, metric, alpha=alpha), strict=True)),
        "sensitivity": sensitivity_table(
            last_counts(counts), planned, statistics, rng=generator(seed, "sensitivity")
        ),
    }
    tables |= _plans(tables["contrasts"], records)
    for name, table in tables.items():
        write_csv(out / f"{name}.csv", table)


def _standing(
    planned: Sequence[ContrastParams], seeds: Sequence[int], order: Order, path: Path
) -> dict[str, Any]:
    """Return which contrasts were planned before results, and what was added or changed after."""
    registered = read_registration(path)
    if registered is None:
        unknown = ["unknown"] * len(planned)
        return {"standing": unknown, "seeds_added": "", "order_changed": ""}
    before_results = {key: c.before_results for key, c in registered.contrasts.items()}
    changed = changed_order(PlannedOrder.of(planned, order), registered.first_order)
    added = [str(seed) for seed in seeds if seed not in registered.seeds]
    return {
        "standing": standing(planned, {} if changed else before_results),
        "seeds_added": " ".join(added),
        "order_changed": changed,
    }


def last_counts(files: Mapping[tuple[str, int], Path]) -> Counts:
    """Return by arm and seed the counts of the last round at the validation threshold.

    The result is empty if there are several classes: their mean is not a ratio of sums over images.
    """
    by_arm: Counts = {}
    for (arm, seed), path in files.items():
        table = pd.read_parquet(path)
        if table["class"].nunique() != 1:
            return {}
        last = (table["round"] == table["round"].max()) & (table["threshold"] == "validation")
        by_arm.setdefault(arm, {})[seed] = table[last]
    return by_arm


def _plans(contrasts: pd.DataFrame, records: Sequence[Path]) -> dict[str, pd.DataFrame]:
    names = ["arm", "seed", "seconds", "threads"]
    runs = pd.DataFrame([read_json(path) for path in records]).reindex(columns=names)
    hours = core_hours_per_seed(runs.astype({"seconds": np.float64, "threads": np.float64}))
    costs = hours.rename("core_hours").rename_axis("arm").reset_index()
    return {"plans": plan_table(contrasts, float(hours["all"])), "costs": costs}
