"""Purchases: drawn on top of their images, and how much those of two arms overlap.

The overlap is the Jaccard index (Jaccard 1901) in pixels, over rounds and seeds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.boxes import Box
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import draw_matrix, new_mosaic
from frugalseg.reporting.figures.drawing import FILE_ONLY, Drawing
from frugalseg.reporting.load.purchases import BOX
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import to_rgb
from frugalseg.reporting.palette import FALSE, MISSED

IMAGES = 3
"""Images shown of a round, the first ones bought."""
ROUNDS = 2
"""Rounds shown of an arm: the first and the last."""

Bought = dict[str, NDArray[np.uint8]]
"""By image, H x W: in which of an arm's rounds, from 1, a pixel was first bought; 0: never."""


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
    scored = study.purchases.maps.get((arm, seed, number))
    small = scored.maps.get(name) if scored else None
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


def overlaps(table: pd.DataFrame) -> pd.DataFrame:
    """Return how much two arms' purchases up to a round overlap: |A and B| / |A or B|, in pixels.

    Labels that arms were given before their first round are in neither set.

    Args:
        table: `Purchases.table`.

    Returns:
        Columns a, b, round, seed, jaccard in [0, 1]; rounds that both arms have.
    """
    rows = []
    for seed, of_seed in table.groupby("seed"):
        rounds = sorted(int(number) for number in of_seed["round"].unique())
        place = {number: k for k, number in enumerate(rounds, start=1)}
        bought = {arm: _first_bought(of_arm, place) for arm, of_arm in of_seed.groupby("arm")}
        own = of_seed.groupby("arm")["round"].agg(set)
        for a, b in combinations(dict.fromkeys(of_seed["arm"]), 2):
            shares = _jaccard(bought[a], bought[b], len(rounds))
            both = sorted(own[a] & own[b])
            rows += [(a, b, number, seed, shares[place[number] - 1]) for number in both]
    return pd.DataFrame(rows, columns=["a", "b", "round", "seed", "jaccard"])


def _first_bought(table: pd.DataFrame, place: dict[int, int]) -> Bought:
    bought: Bought = {}
    for name, of_image in table.groupby("image_id"):
        bottom = int((of_image["y"] + of_image["height"]).max())
        right = int((of_image["x"] + of_image["width"]).max())
        image = np.zeros((bottom, right), np.uint8)
        rows = of_image.sort_values("round", ascending=False)[["round", *BOX]]
        for number, y, x, height, width in rows.to_numpy(np.int64).tolist():
            image[y : y + height, x : x + width] = place[number]
        bought[str(name)] = image
    return bought


def _jaccard(a: Bought, b: Bought, rounds: int) -> NDArray[np.float64]:
    """Return the Jaccard index after each round: a shared pixel enters when the later arm buys."""
    later = []
    for name in a.keys() & b.keys():
        height, width = np.minimum(a[name].shape, b[name].shape)
        first, second = a[name][:height, :width], b[name][:height, :width]
        later.append(np.maximum(first, second) * ((first > 0) & (second > 0)))
    shared = _areas(later, rounds)
    either = _areas(a.values(), rounds) + _areas(b.values(), rounds) - shared
    return np.asarray(shared / np.maximum(either, 1), np.float64)


def _areas(images: Iterable[NDArray[np.uint8]], rounds: int) -> NDArray[np.int64]:
    """Return the pixels bought up to each round."""
    counts = np.zeros(rounds + 1, np.int64)
    for image in images:
        counts += np.bincount(image.ravel(), minlength=rounds + 1)
    return counts[1:].cumsum()


def overlap_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the overlap of every two arms after the last round that both have."""
    data = overlaps(study.purchases.table) if len(study.purchases.arms) > 1 else pd.DataFrame()
    if data.empty:
        return
    last = data[data["round"] == data.groupby(["a", "b"])["round"].transform("max")]
    means = last.groupby(["a", "b"], sort=False)["jaccard"].mean()
    most = means.sort_values(ascending=False, kind="stable")
    (a, b), value = most.index[0], most.iloc[0]
    yield Drawing(
        name="overlap",
        title="How much the purchases of two arms overlap",
        caption=(
            "Pixels that both arms have bought, as a share of those that either has bought, after "
            "the last round of both; means over seeds. 1: the same labels, 0: none in common. Two "
            "random draws overlap too, and more so the larger their share of the pool."
        ),
        alt=f"Overlap of {wording.plural(len(means), 'pair')} of arms. The largest, {value:.2f}, "
        f"is that of {a} and {b}.",
        data=data,
        draw=partial(draw_overlap, means, study.purchases.arms),
        group="overlap",
    )


def draw_overlap(means: pd.Series, arms: tuple[str, ...], width: float) -> Figure:
    """Draw a square an ordered pair of arms, with its number in it."""
    grid = pd.DataFrame(np.eye(len(arms)), arms, arms)
    for a, b, value in means.reset_index().itertuples(index=False):
        grid.loc[a, b] = grid.loc[b, a] = value
    return draw_matrix(grid.to_numpy(), arms, width, 1.6 + 0.55 * len(arms))[0]


def overlap_changes(data: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of arms, one column a round: means over seeds."""
    means = data.pivot_table(
        index=["a", "b"], columns="round", values="jaccard", aggfunc="mean", sort=False
    )
    means.columns = [f"round {number}" for number in means.columns]
    return means.reset_index()
