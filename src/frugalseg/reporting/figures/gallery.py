"""Images as figures: the data sheet, and sample test images with every arm's errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from frugalseg.data.samples import choose_samples
from frugalseg.reporting import overlay, wording
from frugalseg.reporting.figures.canvas import WIDE, choose_evenly, new_mosaic
from frugalseg.reporting.figures.drawing import FILE_ONLY, Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import Pixels, outline, paint, to_rgb
from frugalseg.reporting.palette import MISSED

WITH, WITHOUT = 9, 3
"""Images with and without a defect on the sheet."""
CAPTION = (
    "Blue: defect pixels that were found. Yellow: defect pixels that were missed. Magenta: false "
    "alarms. Every arm is shown after its last round, with its first seed, at the threshold chosen "
    "on the validation images. The Dice of a single image says little about an arm; look for kinds "
    "of mistakes."
)


@dataclass(frozen=True)
class PredictionPanel:
    """One arm's errors on one image, H x W."""

    arm: str
    errors: Pixels

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """Pixels that are right, missed and false."""
        right, missed, false = (int((self.errors == kind).sum()) for kind in overlay.KINDS)
        return right, missed, false

    @property
    def dice(self) -> float:
        """Dice of the foreground; NaN if there is no defect and none was found."""
        right, missed, false = self.counts
        return 2 * right / (2 * right + missed + false) if any(self.counts) else float("nan")


@dataclass(frozen=True)
class GalleryItem:
    """One test image (H x W x C) with its truth (H x W) and every arm's prediction of it."""

    image_id: str
    image: Pixels
    target: Pixels
    panels: tuple[PredictionPanel, ...]


def load_gallery(study: Study) -> list[GalleryItem]:
    """Return the sample images of all arms, as many as the report's option `samples` says."""
    rows = {str(image_id): row for row, image_id in enumerate(study.index["image_id"])}
    ids = dict.fromkeys(i for samples in study.samples.values() for i in samples.image_ids)
    in_stack = [image_id for image_id in ids if image_id in rows]
    areas = study.index["foreground"].to_numpy()[[rows[image_id] for image_id in in_stack]]
    chosen = choose_samples(in_stack, areas, int(study.option("samples", 6)))
    return [_gallery_item(study, image_id, rows[image_id]) for image_id in chosen]


def _gallery_item(study: Study, image_id: str, row: int) -> GalleryItem:
    target = np.asarray(study.masks[row])
    last = {
        arm: study.samples[arm].predictions.get((study.samples[arm].rounds[-1], image_id))
        for arm in study.arms
        if arm in study.samples
    }
    panels = tuple(
        PredictionPanel(arm, overlay.error_map(prediction.mask(), target))
        for arm, prediction in last.items()
        if prediction is not None
    )
    return GalleryItem(image_id, np.asarray(study.images[row]), target, panels)


def gallery_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the figure of the sample images, if there are any."""
    items = load_gallery(study)
    rows = [
        (item.image_id, panel.arm, panel.dice, *panel.counts)
        for item in items
        for panel in item.panels
    ]
    if not rows:
        return
    data = pd.DataFrame(rows, columns=["image_id", "arm", "dice", "right", "missed", "false"])
    lowest = "".join(
        f" The lowest Dice, {row.dice:.2f}, is that of {row.arm} on {row.image_id}."
        for row in data.dropna(subset=["dice"]).sort_values("dice").head(1).itertuples()
    )
    yield Drawing(
        name="samples",
        title="Sample test images with the errors of each arm",
        caption=CAPTION,
        alt=f"{len(items)} test images beside their truth and every arm's error map.{lowest}",
        data=data,
        draw=partial(draw_gallery, items),
        group=FILE_ONLY,
    )


def draw_gallery(items: Sequence[GalleryItem], width: float) -> Figure:
    """Draw one image a row, or one a column where images are taller than wide."""
    names = ["image", "truth", *dict.fromkeys(p.arm for item in items for p in item.panels)]
    height, breadth = items[0].target.shape
    tall = height > breadth
    shape = (len(names), len(items)) if tall else (len(items), len(names))
    figure = new_mosaic(width, (width / shape[1] * height / breadth + 0.28) * shape[0] + 0.2)
    axes = figure.subplots(*shape, squeeze=False)
    for ax in axes.flat:
        ax.grid(False)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    grid = axes.T if tall else axes
    for row, item in zip(grid, items, strict=True):
        pictures = {"image": to_rgb(item.image), "truth": outlined(item.image, item.target)}
        pictures |= {
            panel.arm: overlay.paint_errors(item.image, panel.errors) for panel in item.panels
        }
        for ax, name in zip(row, names, strict=True):
            if name in pictures:
                ax.imshow(pictures[name], interpolation="nearest")
    for k, (name, ax) in enumerate(zip(names, grid[0], strict=True)):
        text = wording.shorten(name, 12 if width >= WIDE else 8)
        ax.set_ylabel(text, fontsize=7) if tall else ax.set_title(text, fontsize=8 - (k > 9))
    return figure


def outlined(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image with the borders of its mask painted on, uint8 H x W x 3."""
    return paint(to_rgb(image), outline(mask), MISSED, 1.0)


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
