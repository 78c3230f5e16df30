"""Which arms the main figure emphasizes, and which decided differences it marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.lines import (
    CostAxis,
    Line,
    arm_lines,
    bought_units,
    cost_axes,
    least_height,
)
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.scope import DECIDED
from frugalseg.reporting.sections.answer import budget_arm, full_end

MOST = 6
"""Arms with fewer labels that are emphasized at most."""

ARROWS = 3
"""Decided differences that are marked at most, the most important first."""

FORECAST = 2.0
"""Multiple of the last budget up to which the forecast is drawn."""


@dataclass(frozen=True)
class Gap:
    """A decided difference between two arms of the figure, a minus b, at their last rounds."""

    a: str
    b: str
    difference: float
    verdict: str


@dataclass(frozen=True)
class Headline:
    """What the figure shows.

    Attributes:
        front: the emphasized arms.
        back: the other arms.
        full: the arm with every label; None without one, or if the arm of the answer ends with
            every label, too.
        gaps: the most important decided differences between shown arms.
        forecast: what the arm of the answer would reach with more labels: columns x, score, low,
            high; None if that is not known, or if `full` shows what all labels bring.
        least: see `y_limits`.
    """

    axis: CostAxis
    metric: str
    front: tuple[Line, ...]
    back: tuple[Line, ...]
    full: Line | None
    gaps: tuple[Gap, ...]
    forecast: pd.DataFrame | None
    least: float


def headline_axis(study: Study) -> CostAxis | None:
    """Return the axis of the figure: images where nothing else was bought, else time."""
    axes = {axis.key: axis for axis in cost_axes(study)}
    keys = ("images", "time") if bought_units(study) <= {"image"} else ("time", "images")
    return next((axes[key] for key in keys if key in axes), None)


def emphasized(study: Study) -> tuple[str, ...]:
    """Return the arms to emphasize, at most `MOST`.

    First the arm of the answer, then those that it is planned against, those that it starts from,
    and those with a decided difference from an arm with every label, or from the arm of the answer
    if no arm has every label.
    """
    arm = budget_arm(study)
    if arm is None:
        return ()
    rows = study.contrasts
    planned = rows[rows["metric"] == study.metric] if "metric" in rows else rows.iloc[:0]
    controls = planned.loc[planned["a"] == arm, "b"].astype(str)
    decided = _decided(study)
    full_arms = () if full_end(study, arm) is None else study.full_arms
    compared = decided.loc[decided["b"].isin(full_arms or [arm]), "a"].astype(str)
    names = dict.fromkeys([arm, *controls, *study.lineage(arm), *compared])
    return tuple(name for name in names if name not in full_arms)[:MOST]


def _decided(study: Study) -> pd.DataFrame:
    """Return the decided contrasts of arms after their last rounds, in the report's metric."""
    rows = study.contrasts
    if not {"metric", "verdict", "at", "difference"} <= set(rows):
        return rows.iloc[:0]
    decided = rows[(rows["metric"] == study.metric) & rows["verdict"].isin(DECIDED)]
    return decided[(decided["at"].astype(str) == "final") & decided["difference"].notna()]


def decided_gaps(study: Study, shown: Sequence[str]) -> tuple[Gap, ...]:
    """Return the decided differences between two shown arms after their last rounds."""
    return tuple(
        Gap(row["a"], row["b"], float(row["difference"]), str(row["verdict"]))
        for row in _decided(study).to_dict("records")
        if row["a"] in shown and row["b"] in shown
    )


def _forecast(study: Study, arm: str, axis: CostAxis) -> pd.DataFrame | None:
    """Return the forecast of an arm along the axis; None without one, or if its curve is flat."""
    rows = study.table("forecast")
    if rows.empty:
        return None
    rows = rows[rows["arm"] == arm]
    ahead = rows[(rows["part"] == "forecast") & (rows["ratio"] <= FORECAST)]
    if ahead.empty or rows["flat"].any():
        return None
    return ahead.assign(x=axis.of(ahead))[["x", "score", "low", "high"]]


def load_headline(study: Study) -> Headline | None:
    """Return what the main figure shows; None without any score."""
    axis = headline_axis(study)
    lines = arm_lines(study, axis) if axis else []
    if axis is None or not lines:
        return None
    by_arm = {line.arm: replace(line, seeds=line.seeds.iloc[:0]) for line in lines}
    arm = budget_arm(study)
    end = full_end(study, arm)
    full = None if end is None else by_arm.get(str(end["arm"]))
    names = [arm for arm in emphasized(study) if arm in by_arm]
    shown = [*names, full.arm] if full else names
    return Headline(
        axis=axis,
        metric=study.metric_label,
        front=tuple(by_arm[arm] for arm in names),
        back=tuple(line for arm, line in by_arm.items() if arm not in shown),
        full=full,
        gaps=decided_gaps(study, shown)[:ARROWS],
        forecast=_forecast(study, arm, axis) if end is None and arm in by_arm else None,
        least=least_height(study),
    )


def level_cost(line: Line, axis: CostAxis) -> str:
    """Return what an arm's last point costs, such as `80 images` or `1.3 hours`."""
    return f"{wording.count(line.means['x'].iloc[-1])} {axis.label.split()[-1]}"
