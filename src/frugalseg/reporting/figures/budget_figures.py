"""Areas under the budget curves."""

from collections.abc import Iterator
from functools import partial

from frugalseg.reporting import wording
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.figures.estimates import (
    DEFAULTS,
    NEW_IMAGES,
    Estimate,
    draw_estimates,
    estimate_table,
)
from frugalseg.reporting.load.study import Study
from frugalseg.statistics.budget_table import paired_areas, with_starts

GROUP = "budgets"


def budget_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the areas of the planned contrasts, where there are any."""
    estimates = area_estimates(study)
    if not estimates:
        return
    alt = [
        f"{e.row['a']} minus {e.row['b']}, mean height in "
        f"{wording.metric_label(e.row['metric'])}: {e.effect}"
        for e in estimates
    ]
    table = estimate_table(estimates).drop(columns=["at", *NEW_IMAGES])
    yield Drawing(
        name="budget-areas",
        title="Heights of the budget curves, seed by seed",
        caption=(
            "The height of a curve is the area under it divided by its width: the mean score over "
            "the labels that both arms have. Each dot is the difference a − b under one seed, the "
            f"diamond their mean with its {study.confidence} interval, before any correction. On a "
            "wide screen the lines at the left join the heights of both arms (a above, b below)."
        ),
        alt="; ".join(alt) + ".",
        data=table.rename(columns={"value_a": "area_a", "value_b": "area_b"}),
        draw=partial(draw_estimates, estimates, study.styles),
        group=GROUP,
        tab="Area under the curve",
    )


def area_estimates(study: Study) -> list[Estimate]:
    """Join the rows of `budgets.csv` with the areas of the seeds they rest on."""
    rows = study.table("budgets")
    if rows.empty:
        return []
    starts = {
        arm: start
        for arm in study.arms
        if (start := study.start(arm)) and (study.params["arms"].get(arm) or {}).get("acquire")
    }
    scores = with_starts(study.scores, starts)
    rows = rows.dropna(subset="area_difference").rename(columns={"area_difference": "difference"})
    return [
        Estimate(row | DEFAULTS, paired_areas(scores, row["a"], row["b"], row["metric"]))
        for row in rows.to_dict("records")
    ]
