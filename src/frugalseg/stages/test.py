"""Stage `test`: the planned contrasts, and the tables that help to read them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core.files import read_json, write_csv
from frugalseg.core.randomness import generator
from frugalseg.data.split import linked
from frugalseg.data.stack import read_duplicates, read_index
from frugalseg.metrics.jackknife import leave_one_out, scores_of_images
from frugalseg.params.registration import read_design, read_registration
from frugalseg.settings.study import ContrastParams, Order, StatisticsParams
from frugalseg.statistics.budget_table import (
    budget_contrasts,
    goal_table,
    reference_arm,
    with_starts,
)
from frugalseg.statistics.curve import curve_table
from frugalseg.statistics.forecast.table import forecast_tables
from frugalseg.statistics.new_images import LEFT_OUT, new_image_table
from frugalseg.statistics.planning import core_hours_per_seed, plan_table
from frugalseg.statistics.preregistration import (
    Design,
    PlannedOrder,
    changed_order,
    changed_parts,
    standing,
)
from frugalseg.statistics.ranking import ranking_tables
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.summarize import contrast_table


def run(
    scores_file: Path,
    prepared: Path,
    counts: Mapping[tuple[str, int], Path],
    records: Sequence[Path],
    registration: Path,
    out: Path,
    *,
    contrasts: list[dict[str, Any]],
    seeds: list[int],
    starts: dict[str, str],
    curves: dict[str, list[str]],
    metric: str,
    goal: float,
    order: Order,
    design: dict[str, Any],
    seeds_of: dict[str, int],
    alpha: float,
    confidence: float,
    resamples: int,
    seed: int,
) -> None:
    """Write a CSV file for each table into the folder `out`.

    Args:
        prepared: folder of the stack, which says what images belong together.
        counts: by (arm, seed), counts.parquet of the evaluation.
        records: run.json of every training.
        registration, design: see `frugalseg.params.registration`; the file need not exist.
        starts: arm -> the arm whose labels it adds to.
        curves: see `frugalseg.params.plan.Plan.learning_curves`.
        seeds_of: arm -> how many of `seeds` it has.
        metric: of the budget curve and the ranking.
        goal: share of the fully labeled arm's score that an arm has to reach.
    """
    scores = pd.read_csv(scores_file)
    planned = [ContrastParams(**contrast) for contrast in contrasts]
    statistics = StatisticsParams(
        alpha=alpha, order=order, confidence=confidence, resamples=resamples
    )
    designed = read_design(design, prepared)
    looks = Looks(tuple(designed.looks), designed.spending) if designed.looks else None
    rng = generator(seed, "test")
    continued = with_starts(scores, starts)
    tables = {
        "contrasts": contrast_table(
            scores, planned, statistics, rng=rng, seeds=seeds, looks=looks, seeds_of=seeds_of
        ).assign(**_standing(planned, seeds, order, designed, registration)),
        "curve": curve_table(scores, metric, confidence=confidence),
        "budgets": budget_contrasts(continued, planned, confidence=confidence),
        "goal": goal_table(continued, reference_arm(continued), metric, share=goal),
        **dict(zip(("ranking", "pairs"), ranking_tables(scores, metric, alpha=alpha), strict=True)),
        "new_images": _of_new_images(counts, planned, prepared, confidence),
    }
    tables |= _plans(tables["contrasts"], records)
    tables |= forecast_tables(scores, curves, metric, generator(seed, "forecast"))._asdict()
    for name, table in tables.items():
        write_csv(out / f"{name}.csv", table)


def _standing(
    planned: Sequence[ContrastParams],
    seeds: Sequence[int],
    order: Order,
    design: Design,
    path: Path,
) -> dict[str, Any]:
    """Return which contrasts were planned before results, and what was added or changed after."""
    registered = read_registration(path)
    if registered is None:
        unknown = ["unknown"] * len(planned)
        return {"standing": unknown, "seeds_added": "", "order_changed": "", "changed": ""}
    before_results = {key: c.before_results for key, c in registered.contrasts.items()}
    first = registered.design or design
    changed = ["; ".join(changed_parts(contrast, design, first)) for contrast in planned]
    reordered = changed_order(PlannedOrder.of(planned, order), registered.first_order)
    added = [str(seed) for seed in seeds if seed not in registered.seeds]
    return {
        "standing": standing(planned, {} if reordered else before_results, changed),
        "seeds_added": " ".join(added),
        "order_changed": reordered,
        "changed": changed,
    }


def _of_new_images(
    counts: Mapping[tuple[str, int], Path],
    planned: Sequence[ContrastParams],
    prepared: Path,
    confidence: float,
) -> pd.DataFrame:
    together = groups(read_index(prepared), read_duplicates(prepared))
    return new_image_table(left_out(counts, planned, together), planned, confidence=confidence)


def groups(index: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, str]:
    """Return the first of the images that belong together with each image.

    Images that are cut into tiles are counted whole, under `source_id`.

    Args:
        index, pairs: see `frugalseg.data.split.linked`.
    """
    names = index["source_id"] if "source_id" in index else index["image_id"]
    first = names.groupby(linked(index, pairs)).transform("first")
    return dict(zip(names, first, strict=True))


def left_out(
    files: Mapping[tuple[str, int], Path],
    contrasts: Sequence[ContrastParams],
    groups: Mapping[str, str],
) -> pd.DataFrame:
    """Return what `new_image_table` takes: each compared arm's last round, without each group."""
    known = scores_of_images()
    tables = []
    for (arm, seed), path in files.items():
        compared = {c.metric for c in contrasts if arm in (c.a, c.b) and c.at == "final"}
        metrics = sorted(compared & set(known))
        if not metrics:
            continue
        table = pd.read_parquet(path)
        last = (table["round"] == table["round"].max()) & (table["threshold"] == "validation")
        for metric in metrics:
            rows = leave_one_out(table[last], known[metric], groups)
            tables.append(rows.assign(arm=arm, metric=metric, seed=seed))
    return pd.concat(tables) if tables else pd.DataFrame(columns=list(LEFT_OUT))


def _plans(contrasts: pd.DataFrame, records: Sequence[Path]) -> dict[str, pd.DataFrame]:
    names = ["arm", "seed", "seconds", "threads"]
    runs = pd.DataFrame([read_json(path) for path in records]).reindex(columns=names)
    hours = core_hours_per_seed(runs.astype({"seconds": np.float64, "threads": np.float64}))
    costs = hours.rename("core_hours").rename_axis("arm").reset_index()
    return {"plans": plan_table(contrasts, float(hours["all"])), "costs": costs}
