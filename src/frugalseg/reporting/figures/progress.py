"""Training curves: loss and validation score over the steps of every round."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import LINE, WIDE, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms

POINTS = 60
"""Points drawn of one round; a longer history is averaged down to as many."""
SINGLE_SEEDS = 8
"""Up to as many seeds are drawn one by one; of more, the range alone."""
KINDS = {
    "val_dice": ("training-validation", "Validation Dice over training steps", "Validation Dice"),
    "loss": ("training-loss", "Training loss over training steps", "Training loss"),
}


def training_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure of validation scores and one of losses, where there are histories."""
    styles = style_arms(study.arms, study.full_arms)
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
                "seeds, the shade is their range). Rounds follow each other, a vertical line "
                "between them; each starts anew. A curve still rising at its end wants more steps."
            ),
            alt=_alt(curves, arms, label),
            data=curves,
            draw=partial(draw_progress, curves, arms, styles, label),
            group="training",
            tab=label,
        )


def progress(histories: pd.DataFrame, column: str) -> pd.DataFrame:
    """Average the histories down to what is drawn.

    Returns:
        Columns arm, round, seed, step (of the round, at the end of its bin), total (steps since
        the arm's first round) and value; rows without a value are left out.
    """
    rows = histories.dropna(subset=[column])[["arm", "round", "seed", "step", column]]
    lengths = histories.groupby(["arm", "round"])["step"].max()
    totals = lengths.groupby("arm").cumsum()
    frames = []
    for (arm, number), length in zip(lengths.index, lengths, strict=True):
        part = rows[(rows["arm"] == arm) & (rows["round"] == number)]
        width = max(float(length) / POINTS, 1.0)
        bins = np.ceil(part["step"] / width) * width
        means = part.assign(step=bins).groupby(["seed", "step"])[column].mean()
        before = float(totals[(arm, number)]) - float(length)
        binned = means.rename("value").reset_index().assign(arm=arm, round=number)
        frames.append(binned.assign(total=binned["step"] + before))
    columns = ["arm", "round", "seed", "step", "total", "value"]
    return pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)


def draw_progress(
    curves: pd.DataFrame,
    arms: Sequence[str],
    styles: Mapping[str, ArmStyle],
    label: str,
    width: float,
) -> Figure:
    """Draw a small panel an arm, all with the same y axis."""
    columns = min(len(arms), 2 if width < WIDE else 4 if len(arms) > 6 else 3)
    rows = -(-len(arms) // columns)
    figure = new_figure(width, 0.7 + 1.55 * rows)
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for ax, arm in zip(axes.flat, arms, strict=False):
        _draw_arm(ax, curves[curves["arm"] == arm], styles[arm])
        ax.set_title(wording.shorten(arm), fontsize=9.5)
    for ax in axes.flat[len(arms) :]:
        ax.set_axis_off()
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
