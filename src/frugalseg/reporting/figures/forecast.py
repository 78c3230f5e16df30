"""Learning curves beyond their last labels: what was measured, what may follow, and targets."""

from collections.abc import Iterator
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, MUTED, WIDE, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.reporting.sections.forecast import target_sentence

GROUP = "forecast"


def forecast_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure a learning curve that can be forecast."""
    forecasts, targets = study.table("forecast"), study.table("targets")
    if forecasts.empty:
        return
    for number, arm in enumerate(dict.fromkeys(forecasts["arm"]), start=1):
        rows = forecasts[forecasts["arm"] == arm]
        asked = targets[targets["arm"] == arm]
        yield Drawing(
            name=f"forecast-{number}",
            title=f"{arm}: {study.metric_label} with more labels",
            caption=(
                "Marks are means over seeds, bars reach from the lowest to the highest seed. The "
                "dashed line and the band are the expected score beyond the last labels and its "
                "90% interval. A line between two ticks is the labels that a target takes, with "
                "the same interval; an arrow means that its upper end cannot be told."
            ),
            alt=" ".join(target_sentence(row, rows, study.metric_label)
                         for row in asked.to_dict("records")),
            data=rows,
            draw=partial(draw_forecast, rows, asked, study.styles[arm], study.metric_label),
            group=GROUP,
            tab=arm,
        )  # fmt: skip


def draw_ahead(ax: Axes, xs: pd.Series, rows: pd.DataFrame, color: str) -> None:
    """Draw a forecast: `score` dashed, in a band from `low` to `high`."""
    ax.fill_between(xs, rows["low"], rows["high"], color=color, alpha=0.15, linewidth=0)
    ax.plot(xs, rows["score"], color=color, linestyle=(0, (4, 2)), linewidth=1.6)


def draw_forecast(
    rows: pd.DataFrame, targets: pd.DataFrame, style: ArmStyle, metric: str, width: float
) -> Figure:
    """Draw one curve over its labels, on a logarithmic scale."""
    by_mask = rows["unit"].iloc[0] == "masks"
    column, scale = ("images", 1.0) if by_mask else ("seconds", 3600.0)
    measured, further = (rows[rows["part"] == part] for part in ("measured", "forecast"))
    figure = new_figure(width, 3.2 if width < WIDE else 3.8)
    ax = figure.add_subplot()
    ax.set_xscale("log")
    xs = measured[column] / scale
    ax.plot(xs, measured["score"], color=style.color, linewidth=1.6)
    ax.vlines(xs, measured["low"], measured["high"], color=style.color, linewidth=1.2, alpha=0.6)
    draw_marks(ax, xs, measured["score"], style, 7)
    beyond = further[column] / scale
    draw_ahead(ax, beyond, further, style.color)
    right = float(beyond.max())
    for row in targets[targets["state"] != "not reached"].to_dict("records"):
        low, middle, high = (row[f"{column}{part}"] / scale for part in ("_low", "", "_high"))
        if low >= right:
            continue
        ax.plot([low, min(high, right)], [row["target"]] * 2, color=INK, linewidth=1)
        ax.plot(low, row["target"], "|", color=INK, markersize=7)
        ax.plot(min(high, right), row["target"], "|" if high <= right else ">", color=INK,
                markersize=7 if high <= right else 5)  # fmt: skip
        if middle <= right:
            ax.plot(middle, row["target"], "o", color=INK, markersize=4)
        ax.annotate(f"{row['target']:g}", (low, row["target"]), (-4, 0), color=INK, fontsize=8,
                    textcoords="offset points", ha="right", va="center")  # fmt: skip
    ax.axvline(float(xs.iloc[-1]), color=MUTED, linewidth=0.8, linestyle=":")
    ax.set(xlabel="labeled images" if by_mask else "annotation hours", ylabel=metric)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: wording.count(x) if x >= 1 else f"{x:g}")
    )
    ax.xaxis.set_minor_formatter(NullFormatter())
    return figure
