"""All arms by mean rank: Friedman's test in words, and the critical-difference diagram."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, MUTED, draw_marks, name_rows, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.reporting.table import PAIR, Column, Section, build_table

ROW = 0.3
"""Inches an arm takes."""


def ranking_section(study: Study) -> Section | None:
    """Return whether the arms differ at all; None where there are fewer than three."""
    rows, pairs = study.table("ranking"), study.table("pairs")
    if not len(rows):
        return None
    columns = [
        *PAIR,
        Column("p_nemenyi", "p (Nemenyi)", wording.p_value, "corrected over all pairs"),
        Column("p_conover", "p (Conover, Holm)", wording.p_value, "more power, less strict"),
    ]
    table = build_table("pairs", "Every pair of arms, by rank", pairs, columns, study.styles)
    sentences = tuple(_sentences(study, rows))
    return Section("All arms at once", sentences, (table,), "ranking", "ranking")


def _sentences(study: Study, rows: pd.DataFrame) -> Iterator[str]:
    first, arms = rows.iloc[0], len(rows)
    metric, n = wording.metric_label(str(first["metric"])), int(first["n"])
    over = f"{arms} arms and {wording.plural(n, 'seed')}"
    if wording.missing(first["p"]):
        yield f"Ranks of {over} cannot be tested: that takes two seeds with every arm at least."
    elif float(first["smallest_p"]) > study.alpha:
        yield (
            f"Friedman’s test over {over} cannot fall below p = {first['smallest_p']:.2g}, "
            "whatever the data: there are too few seeds to tell."
        )
    else:
        differ = float(first["p"]) <= study.alpha
        yield (
            f"Friedman’s test over {over} ({metric}, last round of each arm): "
            f"{wording.p_is(first['p'])}, the arms’ ranks "
            f"{'differ' if differ else 'are not shown to differ'} at {study.alpha:.0%}."
        )
    gap = float(first["critical_difference"])
    if gap >= arms - 1:
        yield (
            f"Mean ranks would have to differ by {gap:.2f} (Nemenyi), more than {arms} arms can: "
            "with so few seeds no pair can be told apart."
        )
    if not wording.missing(first["missing"]) and str(first["missing"]):
        yield f"Left out: {first['missing']}."
    yield "Arms also differ in what their labels cost: ranks compare scores only."


def ranking_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the critical-difference diagram (Demsar, 2006), if three arms or more are ranked."""
    rows = study.table("ranking")
    if not len(rows) or rows["mean_rank"].isna().all():
        return
    gap = float(rows["critical_difference"].iloc[0])
    ranks = "; ".join(f"{arm} {rank:.2f}" for arm, rank in _ranks(rows).items())
    apart = "" if np.isnan(gap) else f" Mean ranks further apart than {gap:.2f} differ (Nemenyi)."
    yield Drawing(
        name="ranking",
        title="Mean ranks over seeds",
        caption=(
            "Rank 1 is the best arm of a seed. Arms under one bar do not differ significantly at "
            f"{study.alpha:.0%}.{apart}"
        ),
        alt=f"Mean ranks, best first: {ranks}.{apart}",
        data=rows,
        draw=partial(draw_ranking, rows, study.styles),
    )


def draw_ranking(rows: pd.DataFrame, styles: Mapping[str, ArmStyle], width: float) -> Figure:
    """Draw one row an arm, the best on top, and under them the bars of arms that are alike."""
    ranks, bars = _ranks(rows), _bars(rows)
    depth = len(ranks) + 0.6 * len(bars)
    figure = new_figure(width, 1.0 + ROW * (depth + 1))
    ax = figure.add_subplot()
    for place, (arm, rank) in enumerate(ranks.items()):
        ax.hlines(place, 1, rank, color=MUTED, linewidth=0.8)
        draw_marks(ax, [rank], [place], styles[arm], 8)
    for number, (low, high) in enumerate(bars):
        ax.hlines(len(ranks) + 0.6 * number, low - 0.04, high + 0.04, color=INK, linewidth=3.5)
    name_rows(ax, list(ranks), width)
    ax.set_xlim(0.8, len(ranks) + 0.2)
    ax.set_xticks(range(1, len(ranks) + 1))
    ax.set_ylim(depth - 0.2, -0.6)
    ax.set_xlabel("mean rank (1 = best)")
    ax.grid(visible=False, axis="y")
    return figure


def _ranks(rows: pd.DataFrame) -> dict[str, float]:
    return dict(zip(rows["arm"].astype(str), rows["mean_rank"].astype(float), strict=True))


def _bars(rows: pd.DataFrame) -> list[tuple[float, float]]:
    """Return the first and last mean rank under each bar."""
    members: dict[str, list[float]] = {}
    for groups, rank in zip(rows["groups"], rows["mean_rank"].astype(float), strict=True):
        for group in [] if wording.missing(groups) else str(groups).split():
            members.setdefault(group, []).append(rank)
    return [(min(ranks), max(ranks)) for _, ranks in sorted(members.items())]
