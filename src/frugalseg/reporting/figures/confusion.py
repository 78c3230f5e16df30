"""What was taken for what: the confusion of classes after each arm's last round."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import ON_DARK, ON_LIGHT, WIDE, new_figure
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.part import Part
from frugalseg.reporting.table import Column, Table, build_table

GROUP = "confusion"
SENTENCES = (
    "Each row is a true class: of its test pixels, over all seeds and after the last round, the "
    "share that was predicted as each class. The diagonal is recall, and its mean is MPA.",
    "Scores of single classes stand under All scores. Metrics named with background count it as a "
    "class; dice_coef_multiclass pools it in, and is nearly pixel accuracy.",
)


def names(study: Study) -> list[str]:
    """Return what stands for 0 to K: the background and the classes."""
    return ["background", *study.classes]


def shares(study: Study, arm: str) -> NDArray[np.float64] | None:
    """Return the confusion of an arm's last round, every row divided by its sum.

    Returns:
        float64, K+1 x K+1, true classes in rows; NaN where a class is in no test image. None for
        one class, or without a confusion.
    """
    table = study.table("confusion")
    if table.empty or len(study.classes) < 2:
        return None
    rows = table[(table["arm"] == arm) & (table["threshold"] == "validation")]
    rows = rows[rows["round"] == rows["round"].max()]
    if rows.empty:
        return None
    classes = range(len(study.classes) + 1)
    pixels = rows.pivot_table(index="true", columns="pred", values="pixels", aggfunc="sum")
    matrix = pixels.reindex(index=classes, columns=classes, fill_value=0).to_numpy(np.float64)
    there = matrix.sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = np.full_like(matrix, np.nan)
    np.divide(matrix, there, out=found, where=there > 0)
    return found


def confusion_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure an arm, of studies with several classes."""
    for number, arm in enumerate(study.arms, start=1):
        matrix = shares(study, arm)
        if matrix is None:
            continue
        classes = names(study)
        yield Drawing(
            name=f"confusion-{number}",
            title=f"{arm}: what was taken for what",
            caption=(
                "Rows are true classes, columns what was predicted; each row adds up to 1. All "
                "test pixels and seeds, after the last round."
            ),
            alt=_alt(arm, matrix, classes),
            data=_table(matrix, classes),
            draw=partial(draw_confusion, matrix, classes),
            group=GROUP,
            tab=arm,
        )


def draw_confusion(matrix: NDArray[np.float64], classes: Sequence[str], width: float) -> Figure:
    """Draw a square a pair of classes, with its share in it."""
    size = len(classes)
    figure = new_figure(width, min(width, 1.3 + 0.55 * size))
    ax = figure.add_subplot()
    ax.imshow(np.nan_to_num(matrix), cmap="Blues", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(matrix):
        text = "–" if np.isnan(value) else f"{value:.2f}"
        color = ON_DARK if value > 0.6 else ON_LIGHT
        ax.text(column, row, text, ha="center", va="center", color=color, fontsize=7)
    short = [wording.shorten(name, 18 if width >= WIDE else 12) for name in classes]
    ax.set_xticks(range(size), short, rotation=45, ha="right", rotation_mode="anchor", fontsize=8)
    ax.set_yticks(range(size), short, fontsize=8)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    ax.grid(visible=False)
    return figure


def confusion_part(study: Study) -> Part | None:
    """Return the section on classes; None for one class, or without a confusion."""
    found = {arm: shares(study, arm) for arm in study.arms}
    tables = {arm: matrix for arm, matrix in found.items() if matrix is not None}
    if not tables:
        return None
    classes = names(study)
    data = pd.concat(
        [_table(matrix, classes).assign(arm=arm) for arm, matrix in tables.items()],
        ignore_index=True,
    )
    return Part("classes", "Classes", SENTENCES, (_page_table(study, data, classes),), GROUP)


def _table(matrix: NDArray[np.float64], classes: Sequence[str]) -> pd.DataFrame:
    """Return a row a true class, and a column of shares for each predicted one."""
    table = pd.DataFrame(matrix, columns=[f"predicted: {name}" for name in classes])
    table.insert(0, "true", list(classes))
    return table


def _page_table(study: Study, data: pd.DataFrame, classes: Sequence[str]) -> Table:
    columns = [
        Column("arm", "Arm", arm=True),
        Column("true", "True class"),
        *(
            Column(f"predicted: {name}", name, wording.percent, "share predicted as this class")
            for name in classes
        ),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("confusion", "What was taken for what, by arm", data, columns, styles)


def _alt(arm: str, matrix: NDArray[np.float64], classes: Sequence[str]) -> str:
    found = []
    for row, name in enumerate(classes):
        if np.isnan(matrix[row, row]):
            continue
        others = np.delete(matrix[row], row)
        taken = np.delete(np.array(classes, object), row)[int(others.argmax())]
        most = f", most often missed as {taken}" if others.max() > 0 else ""
        found.append(f"{name} {matrix[row, row]:.2f}{most}")
    return f"Confusion of {arm}. Share of each class that was found: {'; '.join(found)}."
