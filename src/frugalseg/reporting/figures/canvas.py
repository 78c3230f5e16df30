"""Blank figures in the house style, and files whose bytes depend on the drawing alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike

from frugalseg.core.files import replacing
from frugalseg.reporting.palette import THEME, ArmStyle

INK, MUTED, LINE, PAPER = (THEME[name][0] for name in ("ink", "muted", "line", "paper"))
ON_LIGHT, ON_DARK = "#14181d", "#fdfdfd"
"""Text on cells whose color is the same in both themes: no theme's colors, so never swapped."""
WIDE, NARROW = 7.2, 3.7
"""Figure widths in inches: one for a screen, one for a phone."""
DPI = 150


def _settings() -> dict[str, Any]:
    return {
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


@contextmanager
def house_style() -> Iterator[None]:
    """Set the house style for everything drawn and saved inside."""
    with mpl.rc_context(_settings()):  # type: ignore[arg-type]  # its stub lists every key
        yield


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


def clear_side(ax: Axes) -> None:
    """Take the left spine and ticks away, where rows are named by their labels."""
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def save_svg(figure: Figure, path: Path) -> None:
    """Write an SVG without a date."""
    with replacing(path) as partial:
        figure.savefig(partial, format="svg", metadata={"Date": None, "Creator": None})


def save_png(figure: Figure, path: Path) -> None:
    """Write a PNG without the version of the software."""
    with replacing(path) as partial:
        figure.savefig(partial, format="png", dpi=DPI, metadata={"Software": None})


def save_pdf(figure: Figure, path: Path) -> None:
    """Write a PDF without a date and the version of the software."""
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    with replacing(path) as partial:
        figure.savefig(partial, format="pdf", dpi=DPI, metadata=metadata)
