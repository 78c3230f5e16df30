"""Calibration: its metrics over labels, and reliability diagrams (DeGroot & Fienberg 1983)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.metrics.calibration import FIELDS, merge_bins
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import LINE, MUTED, WIDE, draw_marks, panels
from frugalseg.reporting.figures.curves import draw_curves
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.lines import arm_lines, cost_axes, describe, line_table
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.statistics.curve import curve_table

METRICS = ("ece_15", "ece_15_scaled", "foreground_ece", "brier", "nll")
"""The metrics drawn, in this order; the tables have the others too."""
GROUP = "calibration"
BINS = 15
KINDS = {
    "top1": ("Predicted class", "confidence in the predicted class", "accuracy"),
    "foreground": ("Foreground", "probability of foreground", "share of foreground"),
}
"""Kind of histogram -> tab, label of the x axis, label of the y axis."""


def calibration_drawings(study: Study) -> Iterator[Drawing]:
    """Yield each calibration metric over labeled images, where it was scored."""
    axis = cost_axes(study)[0]
    for metric in METRICS:
        if not (study.scores["metric"] == metric).any():
            continue
        view = _with_metric(study, metric)
        lines = arm_lines(view, axis)
        if not lines:
            continue
        label = view.metric_label
        yield Drawing(
            name=f"calibration-{metric.replace('_', '-')}",
            title=f"{label} over {axis.label}",
            caption=(
                f"{label}: {wording.metric_note(metric)}. Marks are means over seeds with their "
                f"{study.confidence} intervals, the small dots beside them single seeds."
            ),
            alt=f"{label} by {axis.label}. {describe(lines)}",
            data=line_table(lines, axis),
            draw=partial(draw_curves, lines, study.full_arms, axis, label, (), 0.0),
            group=GROUP,
            tab=label,
        )


def _with_metric(study: Study, metric: str) -> Study:
    confidence = float((study.params.get("statistics") or {}).get("confidence", 0.95))
    report = {**(study.params.get("report") or {}), "metric": metric}
    return replace(
        study,
        curve=curve_table(study.scores, metric, confidence=confidence),
        params={**study.params, "report": report},
    )


def reliability_drawings(study: Study) -> Iterator[Drawing]:
    """Yield a reliability diagram of each kind, where evaluation kept histograms."""
    if study.calibration.empty:
        return
    for kind, (tab, x_label, y_label) in KINDS.items():
        table = reliability(study.calibration, kind)
        arms = [arm for arm in study.arms if arm in set(table["arm"])]
        yield Drawing(
            name=f"reliability-{kind}",
            title=f"Reliability after each arm's last round: {y_label} over {x_label}",
            caption=(
                "On the diagonal the model is exactly as sure as it should be; below it the model "
                "is too sure. Marks are the test pixels of all seeds together in bins of equal "
                "width, thin lines single seeds, the dashed line is after temperature scaling on "
                "validation images. Larger marks hold more pixels; bins without pixels are left "
                "out."
            ),
            alt=_alt(table, arms, y_label, x_label),
            data=table,
            draw=partial(draw_reliability, table, arms, study.styles, (x_label, y_label)),
            group=GROUP,
            tab=f"Reliability: {tab.lower()}",
        )


def reliability(calibration: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Merge the histograms of each arm's last round.

    Returns:
        Columns arm, seed (`all` for their sum), scaling, bin, count, confidence (mean) and correct
        (share); bins without pixels are left out.
    """
    rows = calibration[calibration["kind"] == kind]
    rows = rows[rows["round"] == rows.groupby("arm")["round"].transform("max")]
    fields = list(FIELDS)
    pooled = rows.groupby(["arm", "scaling", "bin"], as_index=False, sort=False)[fields].sum()
    rows = pd.concat([pooled.assign(seed="all"), rows.astype({"seed": str})])
    frames = []
    for (arm, seed, scaling), run in rows.groupby(["arm", "seed", "scaling"], sort=False):
        sums = merge_bins(run.sort_values("bin")[fields].to_numpy(np.float64), BINS)
        table = pd.DataFrame(sums, columns=fields)
        table = table.assign(arm=str(arm), seed=str(seed), scaling=str(scaling), bin=range(BINS))
        frames.append(table[table["count"] > 0])
    table = pd.concat(frames, ignore_index=True)
    table[["confidence", "correct"]] = table[["confidence", "correct"]].div(table["count"], axis=0)
    return table[["arm", "seed", "scaling", "bin", "count", "confidence", "correct"]]


def draw_reliability(
    table: pd.DataFrame,
    arms: Sequence[str],
    styles: Mapping[str, ArmStyle],
    labels: tuple[str, str],
    width: float,
) -> Figure:
    """Draw a small square panel an arm."""
    columns = min(len(arms), 2 if width < WIDE else 4)
    height = 0.8 + -(-len(arms) // columns) * (width / columns)
    figure, axes = panels(arms, columns, width, height, sharex=True, sharey=True)
    for ax, arm in zip(axes, arms, strict=True):
        _draw_arm(ax, table[table["arm"] == arm], styles[arm])
        ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    figure.supxlabel(labels[0], fontsize=9.5)
    figure.supylabel(labels[1], fontsize=9.5)
    return figure


def _draw_arm(ax: Axes, table: pd.DataFrame, style: ArmStyle) -> None:
    ax.plot([0, 1], [0, 1], color=LINE, linewidth=1.2, zorder=1)
    raw = table[table["scaling"] == "none"]
    for seed, part in raw.groupby("seed"):
        if seed != "all":
            ax.plot(part["confidence"], part["correct"], color=style.color, lw=0.6, alpha=0.4)
    pooled = raw[raw["seed"] == "all"]
    ax.plot(pooled["confidence"], pooled["correct"], color=style.color, linewidth=1.5)
    sizes = 3 + 4 * np.sqrt(pooled["count"] / pooled["count"].max())
    for x, y, size in zip(pooled["confidence"], pooled["correct"], sizes, strict=True):
        draw_marks(ax, [x], [y], style, size)
    scaled = table[(table["scaling"] == "temperature") & (table["seed"] == "all")]
    ax.plot(scaled["confidence"], scaled["correct"], color=MUTED, linestyle="--", linewidth=1.2)


def _alt(table: pd.DataFrame, arms: Sequence[str], y_label: str, x_label: str) -> str:
    raw = table[(table["seed"] == "all") & (table["scaling"] == "none")]
    parts = []
    for arm in arms:
        rows = raw[raw["arm"] == arm]
        gap = float(np.average(rows["confidence"] - rows["correct"], weights=rows["count"]))
        parts.append(f"{arm} {wording.signed(gap)}")
    text = f"{y_label} over {x_label}".capitalize()
    return f"{text}. Confidence minus {y_label}, mean over pixels: {'; '.join(parts)}."
