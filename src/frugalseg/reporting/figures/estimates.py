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
from frugalseg.reporting.palette import ArmStyle, style_arms
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import Pairs, select_pairs

ROW = 0.62
"""Inches a contrast takes."""


@dataclass(frozen=True)
class Estimate:
    """One contrast, ready to draw.

    Attributes:
        better: 1 where a higher value of the metric is better, -1 where a lower one is.
        pairs: the values of both arms under the same seeds.
    """

    a: str
    b: str
    metric: str
    at: str
    claim: str
    margin: float
    better: int
    difference: float
    low: float
    high: float
    verdict: str
    pairs: Pairs


def estimates(study: Study) -> list[Estimate]:
    """Join the rows of `contrasts.csv` with the seeds they rest on."""
    return [_estimate(study, row) for row in study.contrasts.to_dict("records")]


def _estimate(study: Study, row: Mapping[Any, Any]) -> Estimate:
    at = str(row.get("at", "final"))
    metric = str(row["metric"])
    contrast = ContrastParams(
        a=str(row["a"]), b=str(row["b"]), metric=metric, at="final" if at == "final" else float(at)
    )
    return Estimate(
        a=contrast.a,
        b=contrast.b,
        metric=metric,
        at=at,
        claim=str(row.get("claim", "")),
        margin=_number(row.get("margin"), 0.0),
        better=-1 if metric in LOWER_IS_BETTER else 1,
        difference=_number(row.get("difference")),
        low=_number(row.get("ci_low")),
        high=_number(row.get("ci_high")),
        verdict=str(row.get("verdict", "")),
        pairs=select_pairs(study.scores, contrast),
    )


def _number(value: object, default: float = float("nan")) -> float:
    return default if wording.missing(value) else float(str(value))


def estimate_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the estimation plot, if any contrast was planned."""
    found = estimates(study)
    if not found:
        return
    styles = style_arms(study.arms, study.full_arms)
    yield Drawing(
        name="contrasts",
        title="Planned contrasts, seed by seed",
        caption=(
            "Each dot is the difference a − b under one seed, the diamond their mean with its "
            f"{study.confidence} interval. An interval that does not touch the line at 0 speaks "
            "for a difference; a dashed mark is the margin of the claim. On a wide screen the "
            "lines at the left join the scores of both arms under the same seed (a above, b below)."
        ),
        alt="; ".join(_sentence(estimate) for estimate in found) + ".",
        data=_data(found),
        draw=partial(draw_estimates, found, styles),
    )


def draw_estimates(
    found: Sequence[Estimate], styles: Mapping[str, ArmStyle], width: float
) -> Figure:
    """Draw one row a contrast, the first on top."""
    narrow = width < WIDE
    figure = new_figure(width, 1.0 + ROW * len(found))
    if narrow:
        right = figure.add_subplot()
    else:
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.25))
        for row, estimate in enumerate(found):
            _draw_pairs(left, row, estimate, styles)
        left.set_xlabel(_axis_label(found))
        clear_side(left)
    for row, estimate in enumerate(found):
        _draw_difference(right, row, estimate)
        _name_row(right if narrow else left, row, estimate, narrow)
    right.axvline(0, color=INK, linewidth=1)
    right.set_xlabel("difference a − b")
    right.set_ylim(len(found) - 0.5, -0.62)
    right.set_yticks([])
    clear_side(right)
    return figure


def _name_row(ax: Axes, row: int, estimate: Estimate, narrow: bool) -> None:
    """Write the names of both arms above the row, where they take no width."""
    length = 15 if narrow else 18
    a, b = wording.shorten(estimate.a, length), wording.shorten(estimate.b, length)
    at = "" if estimate.at == "final" else f" at {wording.percent(float(estimate.at))}"
    name, transform = f"{a} − {b}{at}", ax.get_yaxis_transform()
    ax.text(0, row - 0.34, name, transform=transform, color=INK, va="center", fontsize=9)


def _axis_label(found: Sequence[Estimate]) -> str:
    names = dict.fromkeys(wording.metric_label(estimate.metric) for estimate in found)
    return ", ".join(names)


def _draw_pairs(ax: Axes, row: int, estimate: Estimate, styles: Mapping[str, ArmStyle]) -> None:
    pairs = estimate.pairs
    heights = (row - 0.1, row + 0.24)
    for a, b in zip(pairs.a, pairs.b, strict=True):
        ax.plot([a, b], heights, color=MUTED, linewidth=0.7, alpha=0.6)
    for arm, values, height in zip(
        (estimate.a, estimate.b), (pairs.a, pairs.b), heights, strict=True
    ):
        draw_marks(ax, values, np.full(len(values), height), styles[arm], 5)


def _draw_difference(ax: Axes, row: int, estimate: Estimate) -> None:
    differences = estimate.pairs.differences
    heights = np.full(len(differences), row + 0.24)
    ax.plot(differences, heights, "o", color=MUTED, alpha=0.6, markersize=3.5)
    if not wording.missing(estimate.low):
        ax.hlines(row + 0.02, estimate.low, estimate.high, color=INK, linewidth=2)
    if not wording.missing(estimate.difference):
        ax.plot([estimate.difference], [row + 0.02], "D", color=INK, markersize=6)
    margins = {"not_worse": (-1,), "equivalent": (-1, 1), "superior": (1,)}
    for side in margins.get(estimate.claim, ()) if estimate.margin else ():
        place = side * estimate.better * estimate.margin
        ax.vlines(place, row - 0.2, row + 0.36, color=INK, linewidth=1.2, linestyle=(0, (2, 1.5)))


def _sentence(estimate: Estimate) -> str:
    bounds = wording.interval(estimate.low, estimate.high, sign=True)
    return (
        f"{estimate.a} minus {estimate.b}, {wording.metric_label(estimate.metric)}: "
        f"{wording.signed(estimate.difference)} {bounds} over {len(estimate.pairs.seeds)} seeds, "
        f"{estimate.verdict or 'no verdict'}"
    )


def _data(found: Sequence[Estimate]) -> pd.DataFrame:
    frames = [
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
        for estimate in found
    ]
    return pd.concat(frames)
