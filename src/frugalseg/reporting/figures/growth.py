"""Predictions of whole validation images over the steps of training."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import WIDE, choose_evenly, new_mosaic
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.samples import Watched, WatchedImage
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import paint, to_rgb
from frugalseg.reporting.palette import LIGHT

GROUP = "growth"
STEPS = {True: 5, False: 2}
"""Steps drawn on a wide and on a narrow figure, the first and the last among them."""
LEGEND = 8
"""Classes named in the legend; more have the colors of the first ones again."""


def growth_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure an arm whose training was watched."""
    for number, arm in enumerate(study.arms, start=1):
        if arm not in study.watched:
            continue
        watched = study.watched[arm]
        data = areas(watched, study.classes)
        yield Drawing(
            name=f"growth-{number}",
            title=f"{arm}: watch the masks grow",
            caption=(
                f"Whole validation images, predicted during training in round {watched.round} of "
                f"seed {watched.seed}; the number is the step, the last picture the truth. "
                "Areas at every step are in the CSV."
            ),
            alt=_alt(arm, data),
            data=data,
            draw=partial(draw_growth, watched, study.classes),
            group=GROUP,
            tab=arm,
        )


def areas(watched: Watched, classes: Sequence[str]) -> pd.DataFrame:
    """Return the share of each image that is each class, predicted at a step and in truth.

    Returns:
        image_id, step, class, share and truth; of the pixels that have a label.
    """
    rows = []
    for item in watched.images:
        labeled = item.truth != IGNORE
        size = max(int(labeled.sum()), 1)
        for value, name in enumerate(classes, start=1):
            truth = float((item.truth[labeled] == value).sum()) / size
            for step, pred in zip(watched.steps, item.preds, strict=True):
                share = float((pred[labeled] == value).sum()) / size
                rows.append((item.image_id, step, name, share, truth))
    return pd.DataFrame(rows, columns=["image_id", "step", "class", "share", "truth"])


def draw_growth(watched: Watched, classes: Sequence[str], width: float) -> Figure:
    """Draw one image a row, one step a column, and the truth at the end."""
    places = choose_evenly(len(watched.steps), STEPS[width >= WIDE])
    cells = len(places) + 1
    ratio = max(item.truth.shape[0] / item.truth.shape[1] for item in watched.images)
    figure = new_mosaic(width, (width / cells * ratio + 0.3) * len(watched.images) + 0.5)
    axes = figure.subplots(len(watched.images), cells, squeeze=False)
    for row, item in zip(axes, watched.images, strict=True):
        for ax, place in zip(row, places, strict=False):
            _show(ax, item, item.preds[place], str(watched.steps[place]))
        _show(row[-1], item, item.truth, "truth")
    if len(classes) > 1:
        figure.legend(
            handles=[
                Patch(color=as_painted(color(value)), label=wording.shorten(name))
                for value, name in enumerate(classes[:LEGEND], start=1)
            ],
            loc="outside lower center",
            ncols=min(len(classes), 4 if width >= WIDE else 2),
            fontsize=8,
            frameon=False,
        )
    return figure


def as_painted(color: str) -> str:
    """Return a color, `#rrggbb`, that the page's themes leave alone, as they leave pictures.

    It is one step of blue off the palette's: too little to see, enough not to be replaced.
    """
    return f"{color[:5]}{int(color[5:], 16) ^ 1:02x}"


def color(value: int) -> str:
    """Return the color of class `value`, from 1."""
    return LIGHT[(value - 1) % len(LIGHT)]


def colored(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image, H x W x C, with its classes, H x W, painted on; 255 stays as it is."""
    painted = to_rgb(image)
    for value in np.unique(mask[(mask > 0) & (mask < IGNORE)]).tolist():
        red, green, blue = bytes.fromhex(color(value)[1:])
        painted = paint(painted, mask == value, (red, green, blue), 0.7)
    return painted


def _show(ax: Axes, item: WatchedImage, mask: NDArray[np.uint8], title: str) -> None:
    ax.imshow(colored(item.image, mask))
    ax.set_title(title, fontsize=7)
    ax.set_axis_off()


def _alt(arm: str, data: pd.DataFrame) -> str:
    last = data[data["step"] == data["step"].max()]
    means = last.groupby("class", sort=False)[["share", "truth"]].mean()
    parts = [
        f"{name} {wording.percent(row['share'])} of the pixels, {wording.percent(row['truth'])} "
        "in truth"
        for name, row in means.iterrows()
    ]
    steps = wording.plural(data["step"].nunique(), "step")
    return f"Predictions of {arm} over {steps}. At the last: {'; '.join(parts)}."
