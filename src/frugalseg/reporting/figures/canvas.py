"""Blank figures in the house style, and files whose bytes depend on the drawing alone."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike, NDArray

from frugalseg.core.files import replacing
from frugalseg.reporting import wording
from frugalseg.reporting.palette import THEME, ArmStyle

INK, MUTED, LINE, PAPER = (THEME[name][0] for name in ("ink", "muted", "line", "paper"))
ON_LIGHT, ON_DARK = "#14181d", "#fdfdfd"
"""Text on cells whose color is the same in both themes: no theme's colors, so never swapped."""
WIDE, NARROW = 7.2, 3.7
"""Figure widths in inches: one for a screen, one for a phone."""
DPI = 150
_CANVASES = {".png": FigureCanvasAgg, ".svg": FigureCanvasSVG, ".pdf": FigureCanvasPdf}
_METADATA: Mapping[str, dict[str, str | None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}

STYLE: dict[str, Any] = {
    **sns.axes_style("ticks"),
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    # Names of arms, classes and images are text, whatever dollar signs they hold.
    "text.parse_math": False,
    "pdf.fonttype": 42,  # TrueType: text that journals accept and readers can search
    "svg.fonttype": "none",
    "svg.hashsalt": "frugalseg",
}


def house_style() -> AbstractContextManager[None]:
    """Return a context that sets the house style for everything drawn and saved inside."""
    return mpl.rc_context(STYLE)  # type: ignore[arg-type]  # its stub lists every key


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches; text never runs out of it."""
    return Figure(figsize=(width, height), layout="constrained")


def new_mosaic(width: float, height: float) -> Figure:
    """Return an empty figure for pictures that stand close together."""
    figure = Figure(figsize=(width, height))
    figure.set_layout_engine(
        ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02, wspace=0.01, hspace=0.01)
    )
    return figure


def panels(
    names: Sequence[str], columns: int, width: float, height: float, **options: Any
) -> tuple[Figure, list[Axes]]:
    """Return a figure of small panels with a title each; places that are left over stay blank.

    Args:
        columns: panels a row at most.
        width, height: of the figure, in inches.
        options: of `Figure.subplots`.
    """
    columns = min(len(names), columns)
    figure = new_figure(width, height)
    axes = figure.subplots(-(-len(names) // columns), columns, squeeze=False, **options).ravel()
    for ax, name in zip(axes, names, strict=False):
        ax.set_title(wording.shorten(name), fontsize=9.5)
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    return figure, list(axes[: len(names)])


def choose_evenly(number: int, most: int) -> list[int]:
    """Return at most `most` of 0 to `number` - 1, evenly spread, with the first and the last."""
    places = np.linspace(0, number - 1, min(most, number)).round().astype(int).tolist()
    return list(dict.fromkeys(places))


def draw_matrix(
    matrix: NDArray[np.float64], names: Sequence[str], width: float, height: float
) -> tuple[Figure, Axes]:
    """Return a figure of a K x K matrix of shares, with every share in its square; NaN: a dash."""
    figure = new_figure(width, min(width, height))
    ax = figure.add_subplot()
    ax.imshow(np.nan_to_num(matrix), cmap="Blues", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(matrix):
        text = "–" if np.isnan(value) else f"{value:.2f}"
        color = ON_DARK if value > 0.6 else ON_LIGHT
        ax.text(column, row, text, ha="center", va="center", color=color, fontsize=7)
    short = [wording.shorten(name, 18 if width >= WIDE else 12) for name in names]
    places = range(len(names))
    ax.set_xticks(places, short, rotation=45, ha="right", rotation_mode="anchor", fontsize=8)
    ax.set_yticks(places, short, fontsize=8)
    ax.grid(visible=False)
    return figure, ax


def name_rows(ax: Axes, names: Sequence[str], width: float) -> None:
    """Name the rows 0, 1, ... of a figure of that width, without spine and ticks."""
    ax.set_yticks(range(len(names)))
    ax.set_yticklabels([wording.shorten(name, 24 if width >= WIDE else 14) for name in names])
    clear_side(ax)


def clear_side(ax: Axes) -> None:
    """Remove the left spine and its ticks, where labels name the rows."""
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def draw_marks(
    ax: Axes,
    xs: ArrayLike,
    ys: ArrayLike,
    style: ArmStyle,
    size: float,
    *,
    beside: bool = False,
) -> None:
    """Draw an arm's mark at every point; `beside`: in fractions of the axes, outside them."""
    ax.plot(
        xs,
        ys,
        marker=style.marker,
        linestyle="",
        color=style.color,
        markersize=size * style.scale,
        markeredgecolor=PAPER,
        markeredgewidth=size / 9,
        zorder=3,
        clip_on=not beside,
        transform=ax.transAxes if beside else ax.transData,
    )


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as .png, .svg or .pdf, without a date and the version of the software.

    `Figure.savefig` would draw everything twice, first to see what `bbox_inches` has to move.
    """
    kind = path.suffix
    canvas: Any = _CANVASES[kind](figure)
    figure.set_dpi(100 if kind == ".svg" else DPI)
    with replacing(path) as partial:
        getattr(canvas, f"print_{kind[1:]}")(partial, metadata=_METADATA[kind])
