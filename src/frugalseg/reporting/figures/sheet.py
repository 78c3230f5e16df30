"""The data sheet: what the images of the data set look like, masks outlined."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import WIDE, choose_evenly, new_mosaic
from frugalseg.reporting.figures.drawing import FILE_ONLY, Drawing
from frugalseg.reporting.figures.gallery import outlined
from frugalseg.reporting.load.study import Study

WITH, WITHOUT = 9, 3
"""Images with and without a defect on the sheet."""


def sheet_rows(study: Study) -> list[int]:
    """Return the rows shown: spread over the sizes of the defects, then some without any.

    The same study gives the same rows.
    """
    ranked = shares(study.index).dropna().sort_values(kind="stable")
    if ranked.empty:
        return choose_evenly(len(study.index), WITH + WITHOUT)
    positive, negative = (ranked.index[chosen].tolist() for chosen in (ranked > 0, ranked == 0))
    most = max(WITH, WITH + WITHOUT - len(negative))
    shown = [positive[place] for place in choose_evenly(len(positive), most)]
    places = choose_evenly(len(negative), WITH + WITHOUT - len(shown))
    return shown + [negative[place] for place in places]


def shares(index: pd.DataFrame) -> pd.Series:
    """Return the share of every image that is defect, in [0, 1]; NaN where it has no mask."""
    if not {"foreground", "pixels"} <= set(index.columns):
        return pd.Series(np.nan, index=index.index)
    return index["foreground"].astype(float) / index["pixels"].astype(float)


def sheet_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the data sheet."""
    rows = sheet_rows(study)
    if not rows:
        return
    data = study.index.iloc[rows][["image_id"]].assign(share=shares(study.index).iloc[rows])
    positive = int((data["share"] > 0).sum())
    yield Drawing(
        name="data-sheet",
        title="What the images look like",
        caption=(
            "Images from the smallest to the largest defect, the masks outlined in yellow, then "
            "images without a defect. The percentage is the share of the image that is defect."
        ),
        alt=f"{len(rows)} images of the data set, {positive} of them with outlined defects.",
        data=data,
        draw=partial(draw_sheet, study, rows),
        group=FILE_ONLY,
    )


def draw_sheet(study: Study, rows: Sequence[int], width: float) -> Figure:
    """Draw the images in a grid."""
    height, breadth = study.masks.shape[1:3]
    columns = min(len(rows), 3 if width < WIDE else 6 if height <= 1.5 * breadth else 12)
    lines = -(-len(rows) // columns)
    figure = new_mosaic(width, (width / columns * height / breadth + 0.22) * lines)
    axes = figure.subplots(lines, columns, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, row in zip(axes.flat, rows, strict=False):
        ax.imshow(outlined(np.asarray(study.images[row]), np.asarray(study.masks[row])))
        ax.set_title(share_of(study.index, row), fontsize=8)
    return figure


def share_of(index: pd.DataFrame, row: int) -> str:
    """Return how much of an image is defect, in words; "" where it has no mask."""
    share = float(shares(index).iloc[row])
    if wording.missing(share):
        return ""
    return wording.percent(share) if share > 0 else "no defect"
