"""How large the defects are: a histogram over areas, on a logarithmic axis."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, WIDE, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.defects import measure
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import LIGHT

NAME = "defect-areas"
BINS_PER_DECADE = 6
PANELS = 6
"""Classes drawn, the most frequent ones; the data hold all."""


def area_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the histogram, if there is any defect; its data are all defects of the stack."""
    defects = measure(study.masks, study.index["image_id"].astype(str).tolist(), study.classes)
    if defects.empty:
        return
    size = " × ".join(map(str, study.masks.shape[1:3]))
    yield Drawing(
        name=NAME,
        title="How large the defects are",
        caption=(
            f"Areas of the connected defects in pixels of the prepared images ({size}, height × "
            "width), on a logarithmic axis; the line is the median. Pixels of one class that "
            "touch, also at a corner, are one defect."
        ),
        alt=_alt(defects, study.classes),
        data=defects,
        draw=partial(draw_areas, defects, study.classes),
    )


def bins(areas: Sequence[float]) -> list[float]:
    """Return the edges of logarithmic bins around every area: ..., 1, 1.47, 2.15, 3.16, ...

    They span a factor of ten at least, so that the axis has numbers to show.
    """
    low = int(np.floor(np.log10(min(areas)) * BINS_PER_DECADE))
    high = int(np.floor(np.log10(max(areas)) * BINS_PER_DECADE)) + 1
    short = max(0, BINS_PER_DECADE - (high - low))
    low, high = low - short // 2, high + short - short // 2
    edges: list[float] = (10 ** (np.arange(low, high + 1) / BINS_PER_DECADE)).tolist()
    return edges


def draw_areas(defects: pd.DataFrame, classes: Sequence[str], width: float) -> Figure:
    """Draw a panel a class, all with the same bins."""
    counts = defects["class"].value_counts()
    shown = [name for name in classes if name in set(counts.index[:PANELS])]
    figure = new_figure(width, 2.4 if len(shown) == 1 else 0.7 + 1.25 * len(shown))
    axes = figure.subplots(len(shown), 1, sharex=True, squeeze=False)[:, 0]
    edges = bins(defects["area"].tolist())
    for ax, name in zip(axes, shown, strict=True):
        _draw_class(ax, defects.loc[defects["class"] == name, "area"], edges, narrow=width < WIDE)
        if len(classes) > 1:
            ax.set_title(f"{wording.shorten(name)} ({counts[name]:,})", fontsize=9.5)
    axes[-1].set_xlabel("area of a defect (pixels)")
    figure.supylabel("defects", fontsize=9.5)
    return figure


def _draw_class(ax: Axes, areas: pd.Series, edges: Sequence[float], *, narrow: bool) -> None:
    ax.hist(areas, bins=list(edges), color=LIGHT[0], edgecolor="white", linewidth=0.6)
    median = float(areas.median())
    ax.axvline(median, color=INK, linewidth=1.4)
    # The label stands above the bars, on the side of the line with more room.
    ax.margins(y=0.28)
    left = median > float(np.sqrt(edges[0] * edges[-1]))
    ax.annotate(
        f"median {median:,.0f}",
        (median, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if left else 4, -1),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontsize=8.5 if narrow else 9,
        color=INK,
    )
    ax.set_xscale("log")
    wide = edges[-1] / edges[0] > 300
    ax.xaxis.set_major_locator(LogLocator(subs=(1,) if wide else (1, 2, 5)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.grid(False, axis="x")


def _alt(defects: pd.DataFrame, classes: Sequence[str]) -> str:
    areas = {str(name): rows for name, rows in defects.groupby("class")["area"]}
    parts = [
        f"{name}: {wording.plural(len(areas[name]), 'defect')} of {areas[name].min():,.0f} to "
        f"{areas[name].max():,.0f} pixels, median {areas[name].median():,.0f}"
        for name in filter(areas.__contains__, classes)
    ]
    return "Histogram of defect areas. " + "; ".join(parts) + "."
