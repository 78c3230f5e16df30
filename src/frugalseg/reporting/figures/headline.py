"""The main figure: the arm of the answer beside what it is compared with; the others are gray."""

from collections.abc import Iterator, Sequence
from functools import partial
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from frugalseg.reporting import wording
from frugalseg.reporting.emphasis import Gap, Headline, level_cost, load_headline
from frugalseg.reporting.figures.canvas import INK, LINE, MUTED, PAPER, WIDE, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.figures.forecast import draw_ahead
from frugalseg.reporting.lines import Floats, Line, describe, dodge, line_table, spread, y_limits
from frugalseg.reporting.load.study import Study
from frugalseg.statistics.verdict import Verdict

NAME = "headline"
DODGE = 8.0
"""Points between marks of the same cost."""
WORDS = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.SAME: "the same",
    Verdict.NOT_WORSE: "not worse",
}
"""Verdicts as the figure words them."""


def headline_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the main figure, if there is a score."""
    shown = load_headline(study)
    if shown is None:
        return
    lines = [*([shown.full] if shown.full else []), *shown.front, *shown.back]
    gaps = [f"{gap.a} {WORDS[Verdict(gap.verdict)]} {_than(gap)} {gap.b}" for gap in shown.gaps]
    yield Drawing(
        name=NAME,
        title=f"{shown.metric} over {shown.axis.label}",
        caption=_caption(study, shown),
        alt=f"{shown.metric} by {shown.axis.label}. {describe(lines)} Decided: "
        f"{'; '.join(gaps) or 'nothing'}.",
        data=line_table(lines, shown.axis),
        draw=partial(draw_headline, shown, list(study.arms)),
    )


def _than(gap: Gap) -> str:
    return "as" if gap.verdict == Verdict.SAME else "than"


def _caption(study: Study, shown: Headline) -> str:
    several = len(study.seeds) > 1
    sentences = [
        f"Marks are means over {study.seeds_text}, bars their {study.confidence} intervals."
        if several
        else "Marks are the scores of the one seed.",
        f"The band is {shown.full.arm}, which has every label." if shown.full else "",
        f"Dashed: the forecast of {shown.front[0].arm} and its 90% interval."
        if shown.forecast is not None
        else "",
        "Arrows are decided differences." if shown.gaps else "",
        "Gray: the other arms." if shown.back else "",
    ]
    return " ".join(filter(None, sentences))


def draw_headline(shown: Headline, arms: Sequence[str], width: float) -> Figure:
    """Draw the emphasized arms with their names, decided differences, and the others in gray.

    Args:
        arms: all arms; their places name the groups of the gray marks in the SVG.
    """
    narrow = width < WIDE
    figure = new_figure(width if narrow else 0.87 * width, 3.9 if narrow else 3.3)
    ax = figure.add_subplot()
    budgets = [*shown.front, *shown.back]
    ahead = [] if shown.forecast is None else [float(shown.forecast["x"].max())]
    end = max([*(float(line.means["x"].max()) for line in budgets), *ahead], default=1.0) or 1.0
    column = 0.24 if narrow else 0.16
    right = end * (1.06 + (column + 0.04) * len(shown.gaps))
    point = right / (72 * width * (0.45 if narrow else 0.6))
    places = dodge(budgets, DODGE * point, keep_first=shown.forecast is not None)
    low, high, outside = _limits(shown)
    ax.set(xlim=(-6 * point, right), ylim=(low, high), ylabel=shown.metric)
    ax.set_xlabel(_x_label(shown, outside, 34 if narrow else 70))
    ticks = MaxNLocator(4 if narrow else 6).tick_values(0, end)
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if 0 <= tick <= 1.05 * end]))
    ax.grid(visible=False, axis="x")
    if shown.full:
        _draw_band(ax, shown.full)
    if shown.forecast is not None:
        draw_ahead(ax, shown.forecast["x"], shown.forecast, shown.front[0].style.color)
    for line in shown.back:
        if line.arm not in outside:
            _draw_gray(ax, line, places, arms.index(line.arm))
    for line in shown.front:
        _draw_front(ax, line, places)
    for number, gap in enumerate(shown.gaps):
        _draw_gap(ax, shown, gap, end * (1.06 + (column + 0.04) * number), narrow=narrow)
    _name_levels(ax, shown, narrow=narrow)
    return figure


def _limits(shown: Headline) -> tuple[float, float, list[str]]:
    """Return the limits, and the arms that lie outside of them.

    The emphasized arms set them. Other arms widen them by half at most: one arm far away would push
    all others together. If several, and most of the others, lie farther away, all are in view.
    """
    lines = [*shown.front, *([shown.full] if shown.full else [])] or list(shown.back)
    low, high = y_limits(lines, least=shown.least)
    room = (high - low) / 2
    means = {line.arm: line.means["mean"] for line in shown.back}
    outside = [a for a, m in means.items() if m.min() < low - room or m.max() > high + room]
    if len(outside) > 1 and 2 * len(outside) > len(means):
        outside = []
    near = [float(v) for arm, m in means.items() if arm not in outside for v in m]
    if shown.forecast is not None:
        near += [*shown.forecast["low"], *shown.forecast["high"]]
    low, high = y_limits(lines, near, shown.least)
    return low, high, outside


def _x_label(shown: Headline, outside: Sequence[str], width: int) -> str:
    """Return the name of the axis, and under it the arms that are outside of the figure."""
    if not outside:
        return shown.axis.label
    ends = {line.arm: float(line.means["mean"].iloc[-1]) for line in shown.back}
    names = ", ".join(f"{arm} {wording.score(ends[arm])}" for arm in outside)
    return "\n".join([shown.axis.label, *wrap(f"not in view: {names}", width)])


def _draw_band(ax: Axes, line: Line) -> None:
    row, color = line.means.iloc[-1], line.style.color
    if not wording.missing(float(row["ci_low"])):
        ax.axhspan(row["ci_low"], row["ci_high"], color=color, alpha=0.13, linewidth=0, zorder=0.5)
    ax.axhline(row["mean"], color=color, linewidth=1.4, zorder=0.6)


def _path(line: Line, places: dict[str, Floats]) -> Floats:
    """Return the points of a line, N x 2, from the last mark of the arm it starts from."""
    xs, ys = places[line.arm], line.means["mean"].to_numpy(dtype=np.float64)
    lead = [(places[line.start][-1], line.lead[1])] if line.lead and line.start in places else []
    return np.array([*lead, *zip(xs, ys, strict=True)])


def _draw_gray(ax: Axes, line: Line, places: dict[str, Floats], number: int) -> None:
    """Draw an arm in gray, in groups of the SVG that the page finds by the arm's number."""
    path = _path(line, places)
    ax.plot(path[:, 0], path[:, 1], color=LINE, linewidth=1.2, zorder=1.5, gid=f"line-{number}")
    ax.plot(
        places[line.arm],
        line.means["mean"],
        line.style.marker,
        color=LINE,
        markeredgecolor=MUTED,
        markeredgewidth=0.6,
        markersize=5.5 * line.style.scale,
        zorder=1.6,
        gid=f"mark-{number}",
    )


def _draw_front(ax: Axes, line: Line, places: dict[str, Floats]) -> None:
    means, color, path = line.means, line.style.color, _path(line, places)
    ax.plot(path[:, 0], path[:, 1], color=color, linestyle=line.style.dash, linewidth=2)
    ax.vlines(places[line.arm], means["ci_low"], means["ci_high"], color=color, linewidth=2)
    draw_marks(ax, places[line.arm], means["mean"], line.style, 9)
    level = (path[-1, 0], ax.get_xlim()[1])
    ax.plot(level, [path[-1, 1]] * 2, color=color, linewidth=0.8, linestyle=(0, (1, 2)))


def _draw_gap(ax: Axes, shown: Headline, gap: Gap, x: float, *, narrow: bool) -> None:
    """Draw an arrow from b's level to a's."""
    lines = [*shown.front, *([shown.full] if shown.full else [])]
    levels = {line.arm: float(line.means["mean"].iloc[-1]) for line in lines}
    a, b = levels[gap.a], levels[gap.b]
    arrow = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.4}
    ax.annotate("", (x, a), (x, b), arrowprops=arrow)
    words = "\n".join([wording.signed(gap.difference), *wrap(WORDS[Verdict(gap.verdict)], 7)])
    ax.annotate(
        words,
        (x, (a + b) / 2),
        (4, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontsize=8 if narrow else 9,
        linespacing=1.1,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
    )


def _name_levels(ax: Axes, shown: Headline, *, narrow: bool) -> None:
    """Name every emphasized arm at the right margin, joined to the height of its last point."""
    lines = [*([shown.full] if shown.full else []), *shown.front]
    if not lines:
        return
    texts = [_level_text(line, shown, 13 if narrow else 20) for line in lines]
    size = 8 if narrow else 9
    height = 0.78 * 72 * ax.get_figure(root=True).get_figheight()  # type: ignore[union-attr]
    gaps = np.array([(text.count("\n") + 1.35) * 1.25 * size / height for text in texts])
    low, high = ax.get_ylim()
    ends = np.array([float(line.means["mean"].iloc[-1]) for line in lines])
    heights = (ends - low) / (high - low)
    for line, text, y, at in zip(lines, texts, spread(heights, gaps), heights, strict=True):
        color = line.style.color
        ax.plot([1, 1.03], [at, y], color=color, linewidth=0.8, clip_on=False,
                transform=ax.transAxes)  # fmt: skip
        draw_marks(ax, [1.05], [y], line.style, 7, beside=True)
        ax.text(1.08, y, text, color=INK, va="center", fontsize=size, transform=ax.transAxes,
                linespacing=1.15)  # fmt: skip


def _level_text(line: Line, shown: Headline, length: int) -> str:
    """Return name, score and cost of an arm's last point, on lines of at most `length`."""
    name = wrap(line.arm.replace("_", "_ "), length) or [""]
    name = [part.replace("_ ", "_") for part in name]
    score = wording.score(line.means["mean"].iloc[-1])
    return "\n".join([*name, f"{score}, {level_cost(line, shown.axis)}"])
