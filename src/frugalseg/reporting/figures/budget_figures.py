"""The headline figures: labels needed to reach the goal, and areas under the curves."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import CARETLEFTBASE, CARETRIGHTBASE
from matplotlib.ticker import PercentFormatter

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, draw_marks, name_rows, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.figures.estimates import (
    DEFAULTS,
    NEW_IMAGES,
    Estimate,
    draw_estimates,
    estimate_table,
)
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.statistics.budget_table import paired_areas, with_starts

GROUP = "budgets"
ROW = 0.42
"""Inches an arm takes."""
BOUNDS = {"from the start": CARETLEFTBASE, "never": CARETRIGHTBASE}
"""Arrows at the bound of a number that is not known: to fewer labels, and to more."""


def budget_drawings(study: Study) -> Iterator[Drawing]:
    """Yield labels to the goal, and the areas of the planned contrasts, where there are any."""
    yield from _labels(study)
    yield from _areas(study)


def _labels(study: Study) -> Iterator[Drawing]:
    table = study.table("labels")
    if table.empty:
        return
    rows = table[(table["state"] != "no target") & table["arm"].isin(study.arms)]
    rows = rows[~rows["arm"].isin(study.full_arms)]
    if rows.empty:
        return
    arms = [arm for arm in study.arms if (rows["arm"] == arm).any()]
    yield Drawing(
        name="labels-to-goal",
        title=f"Labels needed to reach {study.goal:.0%} of the fully labeled arm",
        caption=(
            "Each mark is one seed of an arm: the share of the training labels at which its curve "
            f"reaches {study.goal:.0%} of the {study.metric_label} that the arm with every label "
            "has under the same seed; further left is cheaper. An arrow to the left: the first "
            "labels were enough, and fewer may be. An arrow to the right: the last labels were not "
            "enough, and no number may be. The bar is the median of the other seeds."
        ),
        alt="; ".join(_describe(arm, rows[rows["arm"] == arm]) for arm in arms) + ".",
        data=rows,
        draw=partial(draw_labels, rows, {arm: study.styles[arm] for arm in arms}),
        group=GROUP,
        tab="Labels to the goal",
    )


def _describe(arm: str, rows: pd.DataFrame) -> str:
    counts = rows["state"].value_counts()
    reached = rows.loc[rows["state"] == "reached", "labels"]
    median = f", median {wording.percent(reached.median())}" if len(reached) else ""
    return (
        f"{arm}: {counts.get('from the start', 0)} seeds there with the first labels, "
        f"{counts.get('reached', 0)} later{median}, {counts.get('never', 0)} not"
    )


def draw_labels(rows: pd.DataFrame, styles: Mapping[str, ArmStyle], width: float) -> Figure:
    """Draw one row an arm, the first on top, with one mark a seed."""
    figure = new_figure(width, 0.8 + ROW * len(styles))
    ax = figure.add_subplot()
    for place, (arm, style) in enumerate(styles.items()):
        _draw_arm(ax, place, rows[rows["arm"] == arm].sort_values("seed"), style)
    name_rows(ax, list(styles), width)
    ax.set_ylim(len(styles) - 0.5, -0.5)
    ax.margins(x=0.08)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_xlabel("share of the training labels")
    return figure


def _draw_arm(ax: Axes, place: int, rows: pd.DataFrame, style: ArmStyle) -> None:
    # Seeds of one number would hide each other: they stand one below the other.
    heights = place + np.linspace(-0.28, 0.28, len(rows)) * (len(rows) > 1)
    labels, states = rows["labels"].to_numpy(np.float64), rows["state"].to_numpy()
    reached = states == "reached"
    draw_marks(ax, labels[reached], heights[reached], style, 5)
    for state, marker in BOUNDS.items():
        bound = states == state
        if bound.any():
            ax.plot(labels[bound], heights[bound], marker=marker, linestyle="", color=style.color,
                    markersize=7, clip_on=False)  # fmt: skip
    if reached.any():
        ax.vlines(float(np.median(labels[reached])), place - 0.38, place + 0.38, color=INK)


def _areas(study: Study) -> Iterator[Drawing]:
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
