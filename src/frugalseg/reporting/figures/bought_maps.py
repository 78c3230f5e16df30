"""Purchases drawn on top of their images: the scores of the pixels, and the boxes bought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.boxes import Box
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import new_mosaic
from frugalseg.reporting.figures.drawing import FILE_ONLY, Drawing
from frugalseg.reporting.load.purchases import BOX
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import to_rgb
from frugalseg.reporting.palette import FALSE, MISSED

IMAGES = 3
"""Images shown of a round, the first ones bought."""
ROUNDS = 2
"""Rounds shown of an arm: the first and the last."""


@dataclass(frozen=True)
class Purchase:
    """One image that an arm bought, in part or whole, in one round of its first seed.

    Attributes:
        row: of the stack.
        boxes: (y, x, height, width) in pixels of the stack; best first.
        scores: uint8, H x W, of which 255 is the round's peak; None where nothing was scored.
    """

    arm: str
    round: int
    image_id: str
    row: int
    boxes: tuple[Box, ...]
    scores: NDArray[np.uint8] | None

    @property
    def words(self) -> str:
        """What it shows, in words."""
        scored = "scores of its pixels" if self.scores is not None else "no scores"
        boxes = "1 box" if len(self.boxes) == 1 else f"{len(self.boxes):,} boxes"
        return f"{self.image_id}, bought by {self.arm} in round {self.round}: {boxes}, {scored}"


def shown_purchases(study: Study) -> list[Purchase]:
    """Return what is drawn: of each arm's first seed a few images of its first and last round."""
    table = study.purchases.table
    if table.empty:
        return []
    rows = {str(name): row for row, name in enumerate(study.index["image_id"])}
    first = table[table["seed"] == table.groupby("arm")["seed"].transform("min")]
    purchases = []
    for _, of_arm in first.groupby("arm", sort=False):
        rounds = sorted(of_arm["round"].unique())
        for number in dict.fromkeys([rounds[0], *rounds[-(ROUNDS - 1) :]]):
            bought = of_arm[of_arm["round"] == number].sort_values("rank")
            names = [name for name in dict.fromkeys(bought["image_id"]) if name in rows]
            purchases += [_purchase(study, bought, name, rows[name]) for name in names[:IMAGES]]
    return purchases


def _purchase(study: Study, bought: pd.DataFrame, name: str, row: int) -> Purchase:
    own = bought[bought["image_id"] == name]
    arm, seed, number = str(own["arm"].iloc[0]), *map(int, own[["seed", "round"]].iloc[0])
    boxes = [tuple(map(int, box)) for box in own[BOX].itertuples(index=False)]
    kept = study.purchases.maps.get((arm, seed, number))
    small = kept.maps.get(name) if kept else None
    scores = None if small is None else _enlarge(small, study.images.shape[1:3])
    return Purchase(arm, number, name, row, tuple(boxes), scores)  # type: ignore[arg-type]


def _enlarge(scores: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
    """Bring a kept map, of whole blocks of pixels, back to the size of the stack."""
    height, width = size[:2]
    factor = -(-max(height, width) // max(scores.shape))
    whole = (scores.shape[1] * factor, scores.shape[0] * factor)
    large = np.asarray(Image.fromarray(scores).resize(whole, Image.Resampling.NEAREST))
    return np.ascontiguousarray(large[:height, :width])


def frames(boxes: Sequence[Box], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return uint8, H x W: 1 on the rims of the boxes, thick enough to be seen, else 0."""
    layer = np.zeros(size, np.uint8)
    thick = max(1, round(max(size) / 120))
    for y, x, height, width in boxes:
        bottom, right = min(y + height, size[0]), min(x + width, size[1])
        layer[y : y + thick, x:right] = layer[max(bottom - thick, y) : bottom, x:right] = 1
        layer[y:bottom, x : x + thick] = layer[y:bottom, max(right - thick, x) : right] = 1
    return layer


def bought_drawings(study: Study) -> Iterator[Drawing]:
    """Yield one figure an arm that has bought in rounds."""
    shown = shown_purchases(study)
    table = study.purchases.table
    for arm in dict.fromkeys(purchase.arm for purchase in shown):
        own = [purchase for purchase in shown if purchase.arm == arm]
        yield Drawing(
            name=figure_name(study, arm),
            title=f"What {arm} bought",
            caption=caption(study, arm),
            alt="; ".join(purchase.words for purchase in own) + ".",
            data=table[table["arm"] == arm],
            draw=partial(draw_purchases, study, own),
            group=FILE_ONLY,
        )


def figure_name(study: Study, arm: str) -> str:
    """Return the name of an arm's figure: a number, as arms may have any name."""
    return f"bought-{study.purchases.arms.index(arm) + 1}"


def caption(study: Study, arm: str) -> str:
    """Return what an arm's pictures show."""
    text = "Yellow: bought. The first images of the first and the last round, under the first seed."
    maps = study.purchases.maps
    peaks = {number: scores.peak for (name, _, number), scores in maps.items() if name == arm}
    if peaks:
        highest = ", ".join(f"{peaks[number]:.3g} in round {number}" for number in sorted(peaks))
        text += f" The stronger the color, the higher a pixel scored; at most {highest}."
    if arm in study.params.get("oracles", ()):
        text += " An oracle: it looked at labels first."
    return text


def draw_purchases(study: Study, purchases: Sequence[Purchase], width: float) -> Figure:
    """Draw one image a cell, one round a row."""
    rounds = list(dict.fromkeys(purchase.round for purchase in purchases))
    height, breadth = study.images.shape[1:3]
    cell = min(width / IMAGES, 3.2 * breadth / height)
    figure = new_mosaic(width, (cell * height / breadth + 0.3) * len(rounds) + 0.2)
    axes = figure.subplots(len(rounds), IMAGES, squeeze=False)
    color = tuple(value / 255 for value in MISSED)
    for ax in axes.flat:
        ax.set_axis_off()
    for cells, number in zip(axes, rounds, strict=True):
        own = [purchase for purchase in purchases if purchase.round == number]
        for ax, purchase in zip(cells, own, strict=False):
            ax.imshow(blend(np.asarray(study.images[purchase.row]), purchase.scores))
            for y, x, h, w in purchase.boxes:
                corner = (x - 0.5, y - 0.5)  # of the pixel, whose center is at (x, y)
                ax.add_patch(Rectangle(corner, w, h, fill=False, edgecolor=color, clip_on=False))
            ax.set_title(f"{number}: {wording.shorten(purchase.image_id, 22)}", fontsize=7)
    return figure


def blend(image: NDArray[np.uint8], scores: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Return the image, H x W x C, as H x W x 3 with the scores, H x W, in color on top."""
    photo = to_rgb(image)
    if scores is None:
        return photo
    alpha = 0.8 * scores[..., None].astype(np.float32) / 255
    return np.asarray((1 - alpha) * photo + alpha * np.array(FALSE, np.float32)).astype(np.uint8)
