"""The interactive chart: what the page's script needs to draw the score over every cost."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from frugalseg.reporting import wording
from frugalseg.reporting.cost_axes import CostAxis, cost_axes
from frugalseg.reporting.lines import Line, arm_lines, dodge
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.published import Mark, published_marks
from frugalseg.reporting.table import Column, Table, build_table

DODGE = 0.012
"""Distance between arms of the same cost, as a share of the axis."""
LIBRARY = "plotly-basic.min.js"


def library() -> Markup:
    """Return the text of the charting library, which the page embeds."""
    path = files("frugalseg.reporting") / "assets" / LIBRARY
    return Markup(path.read_text("utf-8"))  # noqa: S704 - a file of this package


def chart_data(study: Study) -> dict[str, Any] | None:
    """Return plain values for the script, None for missing ones; None without any score.

    Returns:
        `metric`, `confidence` and one entry an axis: key, tab, label, limit (right end of the
        axis), `lines` (an arm each: points, seeds, lead) and `published`. `place` is the cost of a
        point moved aside, so that points of one cost can be told apart; `x` is the cost itself.
    """
    axes = [_axis(study, axis) for axis in cost_axes(study)]
    axes = [axis for axis in axes if axis["lines"]]
    if not axes:
        return None
    return {
        "metric": wording.metric_label(study.metric),
        "name": study.name,
        "confidence": study.confidence,
        "axes": axes,
    }


def _axis(study: Study, axis: CostAxis) -> dict[str, Any]:
    lines = arm_lines(study, axis)
    budgets = [line for line in lines if line.arm not in study.full_arms]
    limit = max((float(line.means["x"].max()) for line in budgets), default=0.0) * 1.07 or 1.0
    places = dodge(budgets, DODGE * limit)
    return {
        "key": axis.key,
        "tab": axis.tab,
        "label": axis.label,
        "note": axis.note,
        "limit": limit,
        "lines": [_line(line, places.get(line.arm), study.full_arms) for line in lines],
        "published": [_mark(mark) for mark in published_marks(study, budgets)],
    }


def _line(line: Line, places: Any, full: Sequence[str]) -> dict[str, Any]:
    means = line.means.assign(place=line.means["x"] if places is None else places)
    moved = dict(zip(means["round"], means["place"] - means["x"], strict=True))
    seeds = line.seeds.assign(place=line.seeds["x"] + line.seeds["round"].map(moved).fillna(0.0))
    return {
        "arm": line.arm,
        "full": line.arm in full,
        "color": line.style.variable,
        "marker": line.style.marker,
        "dash": line.style.dash if isinstance(line.style.dash, str) else list(line.style.dash[1]),
        "start": line.start,
        "points": _records(means),
        "seeds": _records(seeds),
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "arm": mark.arm,
        "x": mark.x,
        "value": mark.value,
        "text": mark.text,
        "color": mark.style.variable,
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values; what is missing becomes None, which JSON can write."""
    plain = table.astype(object).where(table.notna(), None)
    return [
        {str(key): value.item() if isinstance(value, np.generic) else value for key, value in row}
        for row in (record.items() for record in plain.to_dict("records"))
    ]


def chart_table(study: Study) -> Table | None:
    """Return the points of the chart, one row each, with what they cost on every axis."""
    axes = cost_axes(study)
    order = {arm: place for place, arm in enumerate(study.arms)}
    points = study.points[study.points["arm"].isin(order)]
    if points.empty:
        return None
    data = points[["arm", "round"]].assign(
        **{axis.key: axis.of(points) for axis in axes},
        mean=points["mean"],
        ci_low=points["ci_low"],
        ci_high=points["ci_high"],
    )
    data = data.sort_values("arm", key=lambda arms: arms.map(order), kind="stable")
    columns = [
        Column("arm", "Arm", arm=True),
        Column("round", "Round", wording.count),
        *(Column(axis.key, axis.label.capitalize(), wording.count) for axis in axes),
        Column("mean", wording.metric_label(study.metric), wording.score, "mean over seeds"),
        Column("ci_low", "From", wording.score, f"lower end of the {study.confidence} interval"),
        Column("ci_high", "To", wording.score, f"upper end of the {study.confidence} interval"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("curve", "Every point of the chart", data, columns, styles)
