"""The confusion of classes after each arm's last round."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import draw_matrix
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import ARM, Column, Section, build_table

GROUP = "confusion"


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
    pixels = pixels.reindex(index=classes, columns=classes, fill_value=0)
    sums = pixels.sum(axis=1)
    return np.asarray(pixels.div(sums.where(sums > 0), axis=0), np.float64)


def confusion_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure an arm, of studies with several classes."""
    classes = ["background", *study.classes]
    for number, arm in enumerate(study.arms, start=1):
        matrix = shares(study, arm)
        if matrix is not None:
            yield Drawing(
                name=f"confusion-{number}",
                title=f"{arm}: how classes were confused",
                caption=(
                    "Rows are true classes, columns predicted ones; each row adds up to 1. All "
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
    figure, ax = draw_matrix(matrix, classes, width, 1.3 + 0.55 * len(classes))
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    return figure


def confusion_section(study: Study) -> Section | None:
    """Return the section on classes; None for one class, or without a confusion."""
    classes = ["background", *study.classes]
    tables = [
        _table(matrix, classes).assign(arm=arm)
        for arm in study.arms
        if (matrix := shares(study, arm)) is not None
    ]
    if not tables:
        return None
    columns = [
        ARM,
        Column("true", "True class"),
        *(
            Column(f"predicted: {name}", name, wording.percent, "share predicted as this class")
            for name in classes
        ),
    ]
    data = pd.concat(tables, ignore_index=True)
    caption = "Confusion of classes, by arm"
    table = build_table("confusion", caption, data, columns, study.styles)
    return Section("Classes", tables=(table,), figures=GROUP)


def _table(matrix: NDArray[np.float64], classes: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(matrix, columns=[f"predicted: {name}" for name in classes])
    table.insert(0, "true", list(classes))
    return table


def _alt(arm: str, matrix: NDArray[np.float64], classes: Sequence[str]) -> str:
    parts = []
    for row, name in enumerate(classes):
        if not np.isnan(matrix[row, row]):
            others = np.where(np.arange(len(classes)) == row, -1, matrix[row])
            most = classes[int(others.argmax())]
            missed = f", most often missed as {most}" if others.max() > 0 else ""
            parts.append(f"{name} {matrix[row, row]:.2f}{missed}")
    return f"Confusion of {arm}. Share of each class that was found: {'; '.join(parts)}."
