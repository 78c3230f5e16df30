"""Reliability diagrams: whether a probability is what it says (DeGroot & Fienberg 1983)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.metrics.calibration import FIELDS, merge_bins
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import LINE, MUTED, WIDE, draw_marks, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms

BINS = 15
KINDS = {
    "top1": ("Predicted class", "confidence in the predicted class", "accuracy"),
    "foreground": ("Foreground", "probability of foreground", "share of foreground"),
}
"""Kind of histogram -> tab, label of the x axis, label of the y axis."""


def reliability_drawings(study: Study) -> Iterator[Drawing]:
    """Yield a reliability diagram of each kind, where evaluation kept histograms."""
    if study.calibration.empty:
        return
    styles = style_arms(study.arms, study.full_arms)
    for kind, (tab, x_label, y_label) in KINDS.items():
        table = reliability(study.calibration, kind)
        arms = [arm for arm in study.arms if arm in set(table["arm"])]
        yield Drawing(
            name=f"reliability-{kind}",
            title=f"Reliability after each arm's last round: {y_label} over {x_label}",
            caption=(
                "On the diagonal a probability is what it says; below it the model is too sure. "
                "Marks are the test pixels of all seeds together in bins of equal width, thin "
                "lines single seeds, the dashed line is after temperature scaling on validation "
                "images. Large marks hold more pixels; bins without pixels are left out."
            ),
            alt=_alt(table, arms, y_label, x_label),
            data=table,
            draw=partial(draw_reliability, table, arms, styles, (x_label, y_label)),
            group="calibration",
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
    together = rows.groupby(["arm", "scaling", "bin"], as_index=False, sort=False)
    pooled = together[list(FIELDS)].sum().assign(seed="all")
    rows = pd.concat([pooled, rows.astype({"seed": str})])
    frames = []
    for (arm, seed, scaling), part in rows.groupby(["arm", "seed", "scaling"], sort=False):
        sums = merge_bins(part.sort_values("bin")[list(FIELDS)].to_numpy(np.float64), BINS)
        table = pd.DataFrame(sums, columns=list(FIELDS))[["count", "confidence", "correct"]]
        table[["confidence", "correct"]] = table[["confidence", "correct"]].div(
            table["count"], axis=0
        )
        names = table.assign(arm=str(arm), seed=str(seed), scaling=str(scaling), bin=range(BINS))
        frames.append(names[names["count"] > 0])
    return pd.concat(frames)[
        ["arm", "seed", "scaling", "bin", "count", "confidence", "correct"]
    ].reset_index(drop=True)


def draw_reliability(
    table: pd.DataFrame,
    arms: Sequence[str],
    styles: Mapping[str, ArmStyle],
    labels: tuple[str, str],
    width: float,
) -> Figure:
    """Draw a small square panel an arm."""
    columns = min(len(arms), 2 if width < WIDE else 4)
    rows = -(-len(arms) // columns)
    figure = new_figure(width, 0.8 + rows * (width / columns))
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, arm in zip(axes.flat, arms, strict=False):
        _draw_arm(ax, table[table["arm"] == arm], styles[arm])
        ax.set_title(wording.shorten(arm), fontsize=9.5)
        ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    for ax in axes.flat[len(arms) :]:
        ax.set_axis_off()
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
    largest = pooled["count"].max()
    for _, row in pooled.iterrows():
        size = 3 + 4 * float(np.sqrt(row["count"] / largest))
        draw_marks(ax, [row["confidence"]], [row["correct"]], style, size)
    scaled = table[(table["scaling"] == "temperature") & (table["seed"] == "all")]
    ax.plot(scaled["confidence"], scaled["correct"], color=MUTED, linestyle="--", linewidth=1.2)


def _alt(table: pd.DataFrame, arms: Sequence[str], y_label: str, x_label: str) -> str:
    parts = []
    for arm in arms:
        rows = table[(table["arm"] == arm) & (table["seed"] == "all")]
        raw = rows[rows["scaling"] == "none"]
        gap = float(np.average(raw["confidence"] - raw["correct"], weights=raw["count"]))
        parts.append(f"{arm} says {wording.signed(gap)} more than is so")
    return f"{y_label} over {x_label}, on the mean over pixels: ".capitalize() + "; ".join(parts)
