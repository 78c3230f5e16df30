"""Calibration over labels: whether a model that has seen more knows better what it knows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from frugalseg.reporting import wording
from frugalseg.reporting.cost_axes import cost_axes
from frugalseg.reporting.figures.curves import draw_curves
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.lines import Line, arm_lines, line_table
from frugalseg.reporting.load.study import Study
from frugalseg.statistics.curve import curve_table

METRICS = ("ece_15", "ece_15_scaled", "foreground_ece", "brier", "nll")
"""What is drawn, in this order; the other calibration metrics stand in the tables."""


def calibration_drawings(study: Study) -> Iterator[Drawing]:
    """Yield each calibration metric over labeled images, where it was scored."""
    axis = cost_axes(study)[0]
    for metric in METRICS:
        lines = arm_lines(view, axis) if (view := _view(study, metric)) else []
        if not lines:
            continue
        label = wording.metric_label(metric)
        yield Drawing(
            name=f"calibration-{metric.replace('_', '-')}",
            title=f"{label} over {axis.label}",
            caption=(
                f"{label}: {wording.metric_note(metric)}. Marks are means over seeds with their "
                f"{study.confidence} intervals, the small dots beside them single seeds."
            ),
            alt=f"{label} by {axis.label}. {_points(lines)}.",
            data=line_table(lines, axis),
            draw=partial(draw_curves, lines, study.full_arms, axis, label, ()),
            group="calibration",
            tab=label,
        )


def _view(study: Study, metric: str) -> Study | None:
    """Return the study as it is with `metric` as the metric of its figures; None without scores."""
    if not (study.scores["metric"] == metric).any():
        return None
    confidence = float((study.params.get("statistics") or {}).get("confidence", 0.95))
    report = {**(study.params.get("report") or {}), "metric": metric}
    return replace(
        study,
        curve=curve_table(study.scores, metric, confidence=confidence),
        params={**study.params, "report": report},
    )


def _points(lines: Sequence[Line]) -> str:
    said = []
    for line in lines:
        points = zip(line.means["mean"], line.means["x"], strict=True)
        values = [f"{wording.score(mean)} at {wording.count(x)}" for mean, x in points]
        said.append(f"{line.arm}: {', '.join(values)}")
    return "; ".join(said)
