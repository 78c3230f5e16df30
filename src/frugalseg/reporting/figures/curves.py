"""The main figure, the metric over what the labels cost, and its small version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, WIDE, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.lines import (
    CostAxis,
    Floats,
    Line,
    arm_lines,
    cost_axes,
    describe,
    dodge,
    joined,
    least_height,
    line_table,
    spread,
    y_limits,
)
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.published import Mark, published_marks

DODGE = 9.0
"""Points between arms of the same cost, so that their intervals stand side by side."""
SEED_SHIFT = 3.2
"""Points from an interval to its seeds, so that it does not cover them."""


def curve_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the figure over every cost axis of the study."""
    metric = study.metric_label
    for axis in cost_axes(study):
        lines = arm_lines(study, axis)
        marks = published_marks(study, [line for line in lines if line.arm not in study.full_arms])
        published = pd.DataFrame(
            [{"arm": m.arm, "seed": "published", axis.label: m.x, "value": m.value} for m in marks]
        )
        data = line_table(lines, axis)
        yield Drawing(
            name=f"curve-{axis.key}",
            title=f"{metric} over {axis.label}",
            caption=_caption(study, axis, published=bool(marks)),
            alt=f"{metric} by {axis.label}. {describe(lines)}",
            data=pd.concat([data, published], ignore_index=True) if marks else data,
            draw=partial(
                draw_curves, lines, study.full_arms, axis, metric, marks, least_height(study)
            ),
            group="curve",
            tab=axis.tab,
        )


def draw_curves(
    lines: Sequence[Line],
    full: Sequence[str],
    axis: CostAxis,
    metric: str,
    published: Sequence[Mark],
    least: float,
    width: float,
) -> Figure:
    """Draw every arm over its cost; arms with all labels as a band across.

    Args:
        least: see `y_limits`.
    """
    budgets = [line for line in lines if line.arm not in full]
    narrow = width < WIDE
    figure = new_figure(width, 3.2 if narrow else 4.1 + 0.19 * max(0, len(lines) - 14))
    ax = figure.add_subplot()
    for line in lines:
        if line.arm in full:
            _draw_band(ax, line)
    right = max((line.means["x"].max() for line in budgets), default=1.0) * 1.07 or 1.0
    point = right / (72 * width * (0.8 if narrow else 0.72))
    places = dodge(budgets, DODGE * point)
    for line in budgets:
        _draw_line(ax, line, places, SEED_SHIFT * point)
    for mark in published:
        ax.plot(mark.x, mark.value, "D", markersize=8, markerfacecolor="none",
                markeredgewidth=1.8, color=mark.style.color)  # fmt: skip
    limits = y_limits(lines, [mark.value for mark in published], least)
    ends = [place for of_arm in places.values() for place in (of_arm.min(), of_arm.max())]
    # A mark on the border would be cut in half.
    left = -6 * point if ends and min(ends) < 6 * point else 0.0
    right = max([right, *(end + 8 * point for end in ends)])
    ax.set(xlabel=axis.label, ylabel=metric, xlim=(left, right), ylim=limits)
    if not budgets:
        ax.set_xticks([])
    if not narrow:  # On a phone the page's own legend stands above the figure.
        _label_ends(ax, lines)
    return figure


def _draw_line(ax: Axes, line: Line, places: Mapping[str, Floats], seed_shift: float) -> None:
    means, color = line.means, line.style.color
    xs, ys = places[line.arm], means["mean"].to_numpy(dtype=np.float64)
    # The line comes from the mark of the arm it starts from, wherever that has been moved to.
    lead = [(places[line.start][-1], line.lead[1])] if line.lead and line.start in places else []
    path = np.array([*lead, *zip(xs, ys, strict=True)])
    ax.plot(path[:, 0], path[:, 1], color=color, linestyle=line.style.dash, linewidth=1.6)
    moved = line.seeds["round"].map(dict(zip(means["round"], xs - means["x"], strict=True)))
    seeds = (line.seeds["x"] + moved + seed_shift, line.seeds["value"])
    ax.plot(*seeds, "o", markersize=3, markeredgewidth=0, color=color, alpha=0.5)
    ax.vlines(xs, means["ci_low"], means["ci_high"], color=color, linewidth=1.8)
    draw_marks(ax, xs, ys, line.style, 7)


def _draw_band(ax: Axes, line: Line) -> None:
    """Draw the ceiling: a line, its interval, and its seeds as ticks at the right edge."""
    row, color = line.means.iloc[0], line.style.color
    if not wording.missing(float(row["ci_low"])):
        ax.axhspan(row["ci_low"], row["ci_high"], color=color, alpha=0.13, linewidth=0, zorder=0.5)
    ax.axhline(row["mean"], color=color, linestyle=line.style.dash, linewidth=1.4, zorder=0.6)
    right = ax.get_yaxis_transform()
    ax.hlines(line.seeds["value"], 0.975, 1.0, color=color, linewidth=1, transform=right)


def _label_ends(ax: Axes, lines: Sequence[Line]) -> None:
    """Name every arm at the right margin, at the height of its last point."""
    ends = np.array([float(line.means["mean"].iloc[-1]) for line in lines])
    low, high = ax.get_ylim()
    height = 0.85 * 72 * ax.get_figure(root=True).get_figheight()  # type: ignore[union-attr]
    places = spread((ends - low) / (high - low), 13.0 / height)
    for line, place in zip(lines, places, strict=True):
        draw_marks(ax, [1.035], [place], line.style, 6, beside=True)
        name = wording.shorten(line.arm)
        ax.text(1.06, place, name, color=INK, va="center", transform=ax.transAxes)


def _caption(study: Study, axis: CostAxis, *, published: bool) -> str:
    sentences = [
        f"Each mark is the mean over {study.seeds_text}, the bar through it the "
        f"{study.confidence} interval of that mean, each small dot beside it one seed."
        if len(study.seeds) > 1
        else "Each mark is the score of the one seed; one seed has no interval.",
        "Further left is cheaper, further up is better. Marks of the same cost stand side by side "
        "so that they can be told apart.",
    ]
    if study.full_arms:
        sentences.append(
            f"The band across is {' and '.join(study.full_arms)}, trained on every label; its "
            "seeds are the ticks at the right edge."
        )
    if published:
        sentences.append(
            "A hollow diamond is a published value, at the cost of our arm with that recipe."
        )
    return " ".join(filter(None, [*sentences, axis.note]))


def sparkline_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the small chart, over the first cost axis."""
    for axis in cost_axes(study)[:1]:
        lines = arm_lines(study, axis)
        if not lines:
            return
        title = f"{study.metric_label} over {axis.label}"
        ends = [f"{line.arm} {wording.score(line.means['mean'].iloc[-1])}" for line in lines]
        yield Drawing(
            name="overview",
            title=title,
            caption="Means over seeds; the level line is the arm with every label.",
            alt=f"{title}; last values: {', '.join(ends)}.",
            data=pd.concat([line.means.assign(arm=line.arm) for line in lines]),
            draw=partial(
                _draw_small,
                lines,
                study.full_arms,
                axis.label,
                study.metric_label,
                least_height(study),
            ),
            group="overview",
        )


def _draw_small(
    lines: Sequence[Line], full: Sequence[str], cost: str, metric: str, least: float, width: float
) -> Figure:
    figure = new_figure(min(width, 3.7), 1.9)
    ax = figure.add_subplot()
    for line in lines:
        style = line.style
        if line.arm in full:
            ax.axhline(line.means["mean"].iloc[0], color=style.color, linewidth=1.2)
            continue
        ax.plot(*joined(line), color=style.color, linestyle=style.dash, linewidth=1.4)
        draw_marks(ax, line.means["x"], line.means["mean"], style, 5)
    ax.set(xlabel=cost, ylabel=metric)
    bare = [replace(line, seeds=line.seeds.iloc[:0]) for line in lines]
    ax.set_ylim(y_limits(bare, least=least))
    ax.locator_params(nbins=4)
    ax.set_xlim(left=0)
    return figure
