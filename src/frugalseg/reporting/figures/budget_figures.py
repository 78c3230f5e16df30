"""The headline figures: labels needed to come near the full arm, and areas under the curves."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import CARETLEFTBASE, CARETRIGHTBASE
from matplotlib.ticker import PercentFormatter

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, WIDE, clear_side, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.figures.estimates import Estimate, draw_estimates
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms
from frugalseg.statistics.budget_table import paired_areas, with_starts

GROUP = "budgets"
ROW = 0.42
"""Inches an arm takes."""
BOUNDS = {"from the start": CARETLEFTBASE, "never": CARETRIGHTBASE}
"""Where the number itself is not known: arrows that stand on the bound, to fewer and to more."""


def budget_drawings(study: Study) -> Iterator[Drawing]:
    """Yield labels to the goal, and the areas of the planned contrasts, where there are any."""
    yield from _labels(study)
    yield from _areas(study)


def _labels(study: Study) -> Iterator[Drawing]:
    table = study.table("labels")
    if not len(table):
        return
    known = (table["state"] != "no target") & ~table["arm"].isin(study.full_arms)
    arms = [arm for arm in study.arms if arm in set(table.loc[known, "arm"])]
    rows = table[known & table["arm"].isin(arms)]
    if rows.empty:
        return
    styles = style_arms(study.arms, study.full_arms)
    goal, metric = float(study.option("goal", 0.95)), wording.metric_label(study.metric)
    yield Drawing(
        name="labels-to-goal",
        title=f"Labels needed to reach {goal:.0%} of the fully labeled arm",
        caption=(
            f"Each mark is one seed of an arm: the share of the training labels at which its curve "
            f"reaches {goal:.0%} of the {metric} that the arm with every label has under the same "
            "seed; further left is cheaper. An arrow to the left was there with its first labels "
            "(so many are enough, or fewer); one to the right not with its last (more are needed, "
            "or none are enough). The bar is the median of the seeds that got there in between."
        ),
        alt="; ".join(_told(arm, rows[rows["arm"] == arm]) for arm in arms) + ".",
        data=rows,
        draw=partial(draw_labels, rows, {arm: styles[arm] for arm in arms}),
        group=GROUP,
        tab="Labels to the goal",
    )


def _told(arm: str, rows: pd.DataFrame) -> str:
    counts = rows["state"].value_counts()
    reached = rows.loc[rows["state"] == "reached", "labels"]
    median = f", median {wording.percent(float(reached.median()))}" if len(reached) else ""
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
    ax.set_yticks(range(len(styles)))
    ax.set_yticklabels([wording.shorten(arm, 24 if width >= WIDE else 14) for arm in styles])
    ax.set_ylim(len(styles) - 0.5, -0.5)
    ax.margins(x=0.08)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_xlabel("share of the training labels")
    clear_side(ax)
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
    found = area_estimates(study)
    if not found:
        return
    yield Drawing(
        name="budget-areas",
        title="Heights of the budget curves, seed by seed",
        caption=(
            "The height of a curve is the area under it divided by its width: the mean score over "
            "the labels that both arms have. Each dot is the difference a − b under one seed, the "
            f"diamond their mean with its {study.confidence} interval, before any correction. On a "
            "wide screen the lines at the left join the heights of both arms (a above, b below)."
        ),
        alt="; ".join(_compared(estimate) for estimate in found) + ".",
        data=_area_data(found),
        draw=partial(draw_estimates, found, style_arms(study.arms, study.full_arms)),
        group=GROUP,
        tab="Area under the curve",
    )


def area_estimates(study: Study) -> list[Estimate]:
    """Join the rows of `budgets.csv` with the areas of the seeds they rest on."""
    starts = {
        arm: start
        for arm in study.arms
        if (start := study.start(arm)) and (study.params["arms"].get(arm) or {}).get("acquire")
    }
    scores = with_starts(study.scores, starts)
    rows = study.table("budgets")
    shown = rows[rows["area_difference"].notna()] if len(rows) else rows
    return [
        Estimate(
            a=str(row["a"]), b=str(row["b"]), metric=str(row["metric"]), at="final", claim="",
            margin=0.0, better=-1 if row["metric"] in LOWER_IS_BETTER else 1,
            difference=float(row["area_difference"]), low=float(row["ci_low"]),
            high=float(row["ci_high"]), verdict="",
            pairs=paired_areas(scores, str(row["a"]), str(row["b"]), str(row["metric"])),
        )
        for row in shown.to_dict("records")
    ]  # fmt: skip


def _compared(estimate: Estimate) -> str:
    bounds = wording.interval(estimate.low, estimate.high, sign=True)
    return (
        f"{estimate.a} minus {estimate.b}, mean height in {wording.metric_label(estimate.metric)}: "
        f"{wording.signed(estimate.difference)} {bounds}"
    )


def _area_data(found: list[Estimate]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame(
            {"a": e.a, "b": e.b, "metric": e.metric, "seed": e.pairs.seeds, "area_a": e.pairs.a,
             "area_b": e.pairs.b, "difference": e.pairs.differences,
             "mean_difference": e.difference, "ci_low": e.low, "ci_high": e.high}
        )
        for e in found
    )  # fmt: skip
