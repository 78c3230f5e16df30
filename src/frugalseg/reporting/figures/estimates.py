"""The estimation plot: every planned contrast as paired points and as a difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, MUTED, WIDE, clear_side, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.reporting.scope import with_new_images
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import Pairs, select_pairs

ROW = 0.62
"""Inches a contrast takes."""
KEYS = ("a", "b", "metric")
NUMBERS = ("difference", "ci_low", "ci_high")
NEW_IMAGES = ("new_low", "new_high")
DEFAULTS = {"at": "final", "claim": "", "margin": 0.0, "verdict": ""} | dict.fromkeys(
    NEW_IMAGES, np.nan
)
"""Columns of a contrast that older tables lack."""


@dataclass(frozen=True)
class Estimate:
    """One contrast, ready to draw.

    Attributes:
        row: columns `KEYS`, `NUMBERS` and those of `DEFAULTS`; NaN where a number is undefined.
        pairs: the values of both arms under the same seeds.
    """

    row: Mapping[Any, Any]
    pairs: Pairs

    @property
    def effect(self) -> str:
        """The difference with its interval, in words."""
        bounds = wording.interval(self.row["ci_low"], self.row["ci_high"], sign=True)
        return f"{wording.signed(self.row['difference'])} {bounds}"


def estimates(study: Study) -> list[Estimate]:
    """Join the rows of `contrasts.csv` with the seeds they rest on."""
    rows = with_new_images(study).reindex(columns=[*KEYS, *DEFAULTS, *NUMBERS])
    joined = []
    for row in rows.fillna(DEFAULTS).to_dict("records"):
        contrast = ContrastParams(
            a=row["a"],
            b=row["b"],
            metric=row["metric"],
            at="final" if row["at"] == "final" else float(row["at"]),
        )
        joined.append(Estimate(row, select_pairs(study.scores, contrast)))
    return joined


def estimate_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the estimation plot, if any contrast was planned."""
    contrasts = estimates(study)
    if not contrasts:
        return
    alt = [
        f"{e.row['a']} minus {e.row['b']}, {wording.metric_label(e.row['metric'])}: {e.effect} "
        f"over {len(e.pairs.seeds)} seeds, {e.row['verdict'] or 'no verdict'}"
        for e in contrasts
    ]
    yield Drawing(
        name="contrasts",
        title="Planned contrasts, seed by seed",
        caption=(
            "Each dot is the difference a − b under one seed, the diamond their mean with its "
            f"{study.confidence} interval. An interval that does not touch the line at 0 speaks "
            "for a difference; dashed marks are margins. On a wide screen the lines at the left "
            "join the scores of both arms under the same seed (a above, b below)."
        ),
        alt="; ".join(alt) + ".",
        data=estimate_table(contrasts),
        draw=partial(draw_estimates, contrasts, study.styles),
    )


def draw_estimates(
    contrasts: Sequence[Estimate], styles: Mapping[str, ArmStyle], width: float
) -> Figure:
    """Draw one row a contrast, the first on top."""
    narrow = width < WIDE
    figure = new_figure(width, 1.0 + ROW * len(contrasts))
    if narrow:
        left = right = figure.add_subplot()
    else:
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.25))
        for row, estimate in enumerate(contrasts):
            _draw_pairs(left, row, estimate, styles)
        metrics = dict.fromkeys(
            wording.metric_label(estimate.row["metric"]) for estimate in contrasts
        )
        left.set_xlabel(", ".join(metrics))
        left.locator_params(axis="x", nbins=5)
        clear_side(left)
    for row, estimate in enumerate(contrasts):
        _draw_difference(right, row, estimate)
        _name_row(left, row, estimate.row, 15 if narrow else 18)
    right.axvline(0, color=INK, linewidth=1)
    right.set_xlabel("difference a − b")
    right.locator_params(axis="x", nbins=5)
    right.set_ylim(len(contrasts) - 0.5, -0.62)
    right.set_yticks([])
    clear_side(right)
    if not all(wording.missing(estimate.row["new_low"]) for estimate in contrasts):
        figure.legend(
            handles=[
                Line2D([], [], color=INK, linewidth=2, label="further seeds, these test images"),
                Line2D([], [], color=MUTED, linewidth=1, label="new images too"),
            ],
            loc="outside lower center",
            ncols=1 if narrow else 2,
            fontsize=8,
            frameon=False,
        )
    return figure


def _name_row(ax: Axes, place: int, row: Mapping[Any, Any], length: int) -> None:
    """Write the names of both arms above the row, where they take no width."""
    a, b = wording.shorten(row["a"], length), wording.shorten(row["b"], length)
    at = "" if row["at"] == "final" else f" at {wording.percent(row['at'])}"
    name, transform = f"{a} − {b}{at}", ax.get_yaxis_transform()
    ax.text(0, place - 0.34, name, transform=transform, color=INK, va="center", fontsize=9)


def _draw_pairs(ax: Axes, row: int, estimate: Estimate, styles: Mapping[str, ArmStyle]) -> None:
    a, b = estimate.pairs.a, estimate.pairs.b
    heights = (row - 0.1, row + 0.24)
    for pair in zip(a, b, strict=True):
        ax.plot(pair, heights, color=MUTED, linewidth=0.7, alpha=0.6)
    draw_marks(ax, a, np.full(len(a), heights[0]), styles[estimate.row["a"]], 5)
    draw_marks(ax, b, np.full(len(b), heights[1]), styles[estimate.row["b"]], 5)


def _draw_difference(ax: Axes, place: int, estimate: Estimate) -> None:
    row, differences = estimate.row, estimate.pairs.differences
    heights = np.full(len(differences), place + 0.24)
    ax.plot(differences, heights, "o", color=MUTED, alpha=0.6, markersize=3.5)
    if not wording.missing(row["new_low"]):
        bounds = row["new_low"], row["new_high"]
        ax.hlines(place + 0.02, *bounds, color=MUTED, linewidth=1, zorder=1)
    if not wording.missing(row["ci_low"]):
        ax.hlines(place + 0.02, row["ci_low"], row["ci_high"], color=INK, linewidth=2)
    if not wording.missing(row["difference"]):
        ax.plot([row["difference"]], [place + 0.02], "D", color=INK, markersize=6)
    better = -1 if row["metric"] in LOWER_IS_BETTER else 1
    sides = (-1,) if row["claim"] == "not_worse" else (-1, 1)
    for side in sides if row["margin"] else ():
        x = side * better * row["margin"]
        ax.vlines(x, place - 0.2, place + 0.36, color=INK, linewidth=1.2, linestyle=(0, (2, 1.5)))


def estimate_table(contrasts: Sequence[Estimate]) -> pd.DataFrame:
    """Return the pairs of all contrasts, a row a seed."""
    return pd.concat(
        pd.DataFrame(
            {
                **{key: estimate.row[key] for key in (*KEYS, "at")},
                "seed": estimate.pairs.seeds,
                "value_a": estimate.pairs.a,
                "value_b": estimate.pairs.b,
                "difference": estimate.pairs.differences,
                "mean_difference": estimate.row["difference"],
                "ci_low": estimate.row["ci_low"],
                "ci_high": estimate.row["ci_high"],
                **{key: estimate.row[key] for key in NEW_IMAGES},
            }
        )
        for estimate in contrasts
    )
