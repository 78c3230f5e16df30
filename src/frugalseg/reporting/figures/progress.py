"""Training curves: loss and validation score over the steps of every round."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import LINE, WIDE, panels
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle

POINTS = 60
"""Points drawn of one round; a longer history is averaged down to this many."""
SINGLE_SEEDS = 8
"""Up to this many seeds are drawn one by one; of more, only the range."""
KINDS = {
    "val_dice": ("training-validation", "Validation Dice over training steps", "Validation Dice"),
    "loss": ("training-loss", "Training loss over training steps", "Training loss"),
}


def training_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure of validation scores and one of losses, where there are histories."""
    for column, (name, title, label) in KINDS.items():
        if column not in study.histories:
            continue
        curves = progress(study.histories, column)
        arms = [arm for arm in study.arms if arm in set(curves["arm"])]
        if not arms:
            continue
        yield Drawing(
            name=name,
            title=title,
            caption=(
                "The strong line is the mean over seeds, the thin lines are the seeds (with many "
                "seeds, the shade is their range). Vertical lines separate the rounds, each of "
                "which starts anew. A curve still rising at its end needs more steps."
            ),
            alt=_alt(curves, arms, label),
            data=curves,
            draw=partial(draw_progress, curves, arms, study.styles, label),
            group="training",
            tab=label,
        )


def progress(histories: pd.DataFrame, column: str) -> pd.DataFrame:
    """Average the histories down to what is drawn.

    Returns:
        Columns arm, round, seed, step (of the round, at the end of its bin), total (steps since
        the arm's first round) and value; rows without a value are left out.
    """
    keys = ["arm", "round"]
    lengths = histories.groupby(keys)["step"].max().rename("length").reset_index()
    lengths["before"] = lengths.groupby("arm")["length"].cumsum() - lengths["length"]
    rows = histories.dropna(subset=[column]).merge(lengths, on=keys)
    width = (rows["length"] / POINTS).clip(lower=1.0)
    rows["step"] = np.ceil(rows["step"] / width) * width
    means = rows.groupby([*keys, "seed", "step"], as_index=False).agg(
        before=("before", "first"), value=(column, "mean")
    )
    means["total"] = means["step"] + means["before"]
    return means[[*keys, "seed", "step", "total", "value"]]


def draw_progress(
    curves: pd.DataFrame,
    arms: Sequence[str],
    styles: Mapping[str, ArmStyle],
    label: str,
    width: float,
) -> Figure:
    """Draw a small panel an arm, all with the same y axis."""
    columns = min(len(arms), 2 if width < WIDE else 4 if len(arms) > 6 else 3)
    height = 0.7 + 1.55 * -(-len(arms) // columns)
    figure, axes = panels(arms, columns, width, height, sharey=True)
    for ax, arm in zip(axes, arms, strict=True):
        _draw_arm(ax, curves[curves["arm"] == arm], styles[arm])
    figure.supxlabel("step", fontsize=9.5)
    figure.supylabel(label, fontsize=9.5)
    return figure


def _draw_arm(ax: Axes, curves: pd.DataFrame, style: ArmStyle) -> None:
    ax.locator_params(axis="x", nbins=4)
    for number, (_, part) in enumerate(curves.groupby("round")):
        table = part.pivot(index="total", columns="seed", values="value")
        if number:
            ax.axvline(float(table.index[0]), color=LINE, linewidth=1.2)
        if table.shape[1] <= SINGLE_SEEDS:
            # A seed that validated at other steps has gaps in the table; its line has none.
            for seed in table:
                single = table[seed].dropna()
                ax.plot(single.index, single, color=style.color, linewidth=0.7, alpha=0.4)
        else:
            low, high = table.min(axis=1), table.max(axis=1)
            ax.fill_between(table.index, low, high, color=style.color, alpha=0.2, linewidth=0)
        ax.plot(table.index, table.mean(axis=1), color=style.color, linewidth=1.7)


def _alt(curves: pd.DataFrame, arms: Sequence[str], label: str) -> str:
    parts = []
    for arm in arms:
        part = curves[curves["arm"] == arm]
        last = part[part["total"] == part["total"].max()]["value"].mean()
        parts.append(f"{arm} ends at {wording.score(last)} after {part['total'].max():.0f} steps")
    return f"{label}, one small panel an arm: " + "; ".join(parts) + "."
