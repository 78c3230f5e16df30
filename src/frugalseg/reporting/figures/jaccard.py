"""How much two arms' purchases overlap (Jaccard 1901), in pixels, over rounds and seeds."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import draw_matrix
from frugalseg.reporting.figures.drawing import Drawing
from frugalseg.reporting.load.purchases import BOX
from frugalseg.reporting.load.study import Study

Bought = dict[str, NDArray[np.uint8]]
"""By image, H x W: in which of an arm's rounds, from 1, a pixel was first bought; 0: never."""


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
        one, other = a[name][:height, :width], b[name][:height, :width]
        later.append(np.maximum(one, other) * ((one > 0) & (other > 0)))
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
