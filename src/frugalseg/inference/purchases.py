"""What a round bought and why, stored for the report: `acquired.csv` and `acquired.npz`."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.base import Choice, Floats, Pool
from frugalseg.core.files import replacing, write_csv

COLUMNS = ["image_id", "y", "x", "height", "width", "pixels", "score", "rank"]
IMAGES = 6
"""Number of images whose maps are kept."""
SIDE = 128
"""Longest side of a kept map, in pixels."""


class Acquired(NamedTuple):
    """What is stored of a round's choice: `acquired_table`, and each pixel's score, by image.

    The maps are float32, h x w, all of one size. Both are empty if nothing was chosen.
    """

    table: pd.DataFrame = pd.DataFrame(columns=COLUMNS)
    maps: Mapping[str, NDArray[np.float32]] = MappingProxyType({})


def acquired_table(pool: Pool, choice: Choice) -> pd.DataFrame:
    """Return the purchases, best first, followed by the score of each image of the pool.

    Columns: `image_id`; the box `y`, `x`, `height`, `width`, of the whole image if it was bought
    whole; `pixels` that were new; `score` (NaN if nothing was scored); `rank` of the purchase from
    1, or 0 for an image of the pool, whose score is its own or that of its best region.
    """
    sizes = pool.index.set_index("image_id")[["height", "width"]]
    whole = {name: (0, 0, int(h), int(w)) for name, h, w in sizes.itertuples()}
    bought = [
        (q.image_id, *(q.box or whole[q.image_id]), q.pixels, q.score, rank)
        for rank, q in enumerate(choice.queries, start=1)
    ]
    scored = [
        (name, *whole[name], pixels, score, 0)
        for name, pixels, score in zip(
            pool.image_ids, pool.index["pixels"], choice.scores, strict=True
        )
    ]
    return pd.DataFrame([*bought, *scored], columns=COLUMNS)


def shown_images(choice: Choice) -> list[str]:
    """Return the first images of which something was bought, at most `IMAGES`."""
    return list(dict.fromkeys(query.image_id for query in choice.queries))[:IMAGES]


def shrink(scores: Floats, side: int = SIDE) -> NDArray[np.float32]:
    """Shrink a map, H x W, to at most `side` pixels a side by means over square blocks."""
    factor = -(-max(scores.shape) // side)
    ys, xs = (np.arange(0, length, factor) for length in scores.shape)
    sums = np.add.reduceat(np.add.reduceat(scores.astype(np.float64), ys, axis=0), xs, axis=1)
    rows, columns = (np.diff(np.append(s, n)) for s, n in zip((ys, xs), scores.shape, strict=True))
    counts = np.outer(rows, columns)
    means: NDArray[np.float32] = (sums / counts).astype(np.float32)
    return means


def write_acquired(table_file: Path, maps_file: Path, acquired: Acquired) -> None:
    """Write both files; maps are uint8, S x h x w, in which 255 stands for `peak`, the highest."""
    write_csv(table_file, acquired.table)
    maps = acquired.maps
    stacked = np.stack(list(maps.values())) if maps else np.zeros((0, 0, 0), np.float32)
    peak = float(stacked.max(initial=0))
    with replacing(maps_file) as partial, partial.open("wb") as file:
        np.savez_compressed(
            file,
            image_ids=np.array(list(maps), str),
            maps=np.rint(stacked / (peak or 1) * 255).astype(np.uint8),
            peak=np.array(peak),
        )
