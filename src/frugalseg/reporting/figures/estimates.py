"""The estimation plot: every planned contrast as paired points and as a difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import INK, MUTED, WIDE, clear_side, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.statistics.contrast import Contrast, Pairs, select_pairs

ROW = 0.62
"""Inches a contrast takes."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One contrast, ready to draw; numbers are NaN where they are undefined.

    Attributes:
        pairs: the values of both arms under the same seeds.
    """

    a: str
    b: str
    metric: str
    at: str = "final"
    claim: str = ""
    margin: float = 0.0
    difference: float
    low: float
    high: float
    verdict: str = ""
    pairs: Pairs

    @property
    def effect(self) -> str:
        """The difference with its interval, in words."""
        bounds = wording.interval(self.low, self.high, sign=True)
        return f"{wording.signed(self.difference)} {bounds}"


def estimates(study: Study) -> list[Estimate]:
    """Join the rows of `contrasts.csv` with the seeds they rest on."""
    return [_estimate(study, row) for row in study.contrasts.to_dict("records")]


def _estimate(study: Study, row: Mapping[Any, Any]) -> Estimate:
    at = str(row.get("at", "final"))
    contrast = Contrast(row["a"], row["b"], row["metric"], "final" if at == "final" else float(at))
    margin = row.get("margin")
    return Estimate(
        a=contrast.a,
        b=contrast.b,
        metric=contrast.metric,
        at=at,
        claim=str(row.get("claim", "")),
        margin=0.0 if wording.missing(margin) else float(str(margin)),
        difference=float(row.get("difference", np.nan)),
        low=float(row.get("ci_low", np.nan)),
        high=float(row.get("ci_high", np.nan)),
        verdict=str(row.get("verdict", "")),
        pairs=select_pairs(study.scores, contrast),
    )


def estimate_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the estimation plot, if any contrast was planned."""
    contrasts = estimates(study)
    if not contrasts:
        return
    alt = [
        f"{e.a} minus {e.b}, {wording.metric_label(e.metric)}: {e.effect} over "
        f"{len(e.pairs.seeds)} seeds, {e.verdict or 'no verdict'}"
        for e in contrasts
    ]
    yield Drawing(
        name="contrasts",
        title="Planned contrasts, seed by seed",
        caption=(
            "Each dot is the difference a − b under one seed, the diamond their mean with its "
            f"{study.confidence} interval. An interval that does not touch the line at 0 speaks "
            "for a difference; a dashed mark is the margin of the claim. On a wide screen the "
            "lines at the left join the scores of both arms under the same seed (a above, b below)."
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
        metrics = dict.fromkeys(wording.metric_label(estimate.metric) for estimate in contrasts)
        left.set_xlabel(", ".join(metrics))
        clear_side(left)
    for row, estimate in enumerate(contrasts):
        _draw_difference(right, row, estimate)
        _name_row(left, row, estimate, 15 if narrow else 18)
    right.axvline(0, color=INK, linewidth=1)
    right.set_xlabel("difference a − b")
    right.set_ylim(len(contrasts) - 0.5, -0.62)
    right.set_yticks([])
    clear_side(right)
    return figure


def _name_row(ax: Axes, row: int, estimate: Estimate, length: int) -> None:
    """Write the names of both arms above the row, where they take no width."""
    a, b = wording.shorten(estimate.a, length), wording.shorten(estimate.b, length)
    at = "" if estimate.at == "final" else f" at {wording.percent(float(estimate.at))}"
    name, transform = f"{a} − {b}{at}", ax.get_yaxis_transform()
    ax.text(0, row - 0.34, name, transform=transform, color=INK, va="center", fontsize=9)


def _draw_pairs(ax: Axes, row: int, estimate: Estimate, styles: Mapping[str, ArmStyle]) -> None:
    a, b = estimate.pairs.a, estimate.pairs.b
    heights = (row - 0.1, row + 0.24)
    for pair in zip(a, b, strict=True):
        ax.plot(pair, heights, color=MUTED, linewidth=0.7, alpha=0.6)
    draw_marks(ax, a, np.full(len(a), heights[0]), styles[estimate.a], 5)
    draw_marks(ax, b, np.full(len(b), heights[1]), styles[estimate.b], 5)


def _draw_difference(ax: Axes, row: int, estimate: Estimate) -> None:
    differences = estimate.pairs.differences
    heights = np.full(len(differences), row + 0.24)
    ax.plot(differences, heights, "o", color=MUTED, alpha=0.6, markersize=3.5)
    if not wording.missing(estimate.low):
        ax.hlines(row + 0.02, estimate.low, estimate.high, color=INK, linewidth=2)
    if not wording.missing(estimate.difference):
        ax.plot([estimate.difference], [row + 0.02], "D", color=INK, markersize=6)
    better = -1 if estimate.metric in LOWER_IS_BETTER else 1
    margins = {"not_worse": (-1,), "equivalent": (-1, 1), "superior": (1,)}
    for side in margins.get(estimate.claim, ()) if estimate.margin else ():
        place = side * better * estimate.margin
        ax.vlines(place, row - 0.2, row + 0.36, color=INK, linewidth=1.2, linestyle=(0, (2, 1.5)))


def estimate_table(contrasts: Sequence[Estimate]) -> pd.DataFrame:
    """Return the pairs of all contrasts, a row a seed."""
    return pd.concat(
        pd.DataFrame(
            {
                "a": estimate.a,
                "b": estimate.b,
                "metric": estimate.metric,
                "at": estimate.at,
                "seed": estimate.pairs.seeds,
                "value_a": estimate.pairs.a,
                "value_b": estimate.pairs.b,
                "difference": estimate.pairs.differences,
                "mean_difference": estimate.difference,
                "ci_low": estimate.low,
                "ci_high": estimate.high,
            }
        )
        for estimate in contrasts
    )
