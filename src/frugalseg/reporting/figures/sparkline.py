"""The small chart of a data set on the page over all data sets."""

from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.cost_axes import cost_axes
from frugalseg.reporting.figures.canvas import draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.lines import Line, arm_lines, joined
from frugalseg.reporting.load.study import Study


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
            draw=partial(_draw, lines, study.full_arms, axis.label, study.metric_label),
            group="overview",
        )


def _draw(
    lines: Sequence[Line], full: Sequence[str], cost: str, metric: str, width: float
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
    ax.locator_params(nbins=4)
    ax.set_xlim(left=0)
    return figure
