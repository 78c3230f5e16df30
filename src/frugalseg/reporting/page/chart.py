"""The data of the interactive chart, which the page's script draws."""

from collections.abc import Hashable, Sequence
from importlib.resources import files
from typing import Any

import pandas as pd
from markupsafe import Markup

from frugalseg.reporting import wording
from frugalseg.reporting.lines import (
    CostAxis,
    Line,
    arm_lines,
    cost_axes,
    dodge,
    least_height,
)
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.published import published_marks
from frugalseg.reporting.table import ARM, ROUND, Column, Table, build_table

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
        `metric`, `name`, `confidence`, `least` (see `lines.y_limits`) and one entry an axis: key,
        tab, label, note, limit (right end of the axis), `lines` (an arm each: points, seeds,
        start) and `published`. `place` is `x`, the cost, moved aside so that points of the same
        cost can be told apart.
    """
    axes = [_axis(study, axis) for axis in cost_axes(study)]
    axes = [axis for axis in axes if axis["lines"]]
    if not axes:
        return None
    return {
        "metric": study.metric_label,
        "name": study.name,
        "confidence": study.confidence,
        "least": least_height(study),
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
        "published": [
            {key: getattr(mark, key) for key in ("arm", "x", "value", "text")}
            | {"color": mark.style.variable}
            for mark in published_marks(study, budgets)
        ],
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


def _records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows as plain values; missing ones become None, which JSON can write."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def chart_table(study: Study) -> Table | None:
    """Return the points of the chart, one row each, with what they cost on every axis."""
    points = study.points[study.points["arm"].isin(study.arms)]
    if points.empty:
        return None
    axes = cost_axes(study)
    data = points[["arm", "round"]].assign(**{axis.key: axis.of(points) for axis in axes})
    data = study.sort_by_arm(data.join(points[["mean", "ci_low", "ci_high"]]))
    columns = [
        ARM,
        ROUND,
        *(Column(axis.key, axis.label.capitalize(), wording.count) for axis in axes),
        Column("mean", study.metric_label, wording.score, "mean over seeds"),
        Column("ci_low", "From", wording.score, f"lower end of the {study.confidence} interval"),
        Column("ci_high", "To", wording.score, f"upper end of the {study.confidence} interval"),
    ]
    return build_table("curve", "Every point of the chart", data, columns, study.styles)
