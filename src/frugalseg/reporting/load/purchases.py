"""What every round has bought and what its pixels scored, from the files beside the ledgers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths

BOX = ["y", "x", "height", "width"]


@dataclass(frozen=True)
class ScoreMaps:
    """The scores of the pixels of a few images in one round.

    Attributes:
        maps: by image, uint8, h x w: 255 stands for `peak`.
        peak: the highest score of all of them.
    """

    maps: Mapping[str, NDArray[np.uint8]]
    peak: float


@dataclass(frozen=True)
class Purchases:
    """What acquisitions have bought; empty for a study without any.

    Attributes:
        table: one row a purchase: arm, seed, round, image_id, y, x, height, width, pixels (newly
            bought ones), score and rank (from 1).
        maps: by arm, seed and round, where pixels were scored.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    maps: Mapping[tuple[str, int, int], ScoreMaps] = field(default_factory=dict)

    @property
    def arms(self) -> tuple[str, ...]:
        """Arms that have bought anything, in the order of the table."""
        return tuple(dict.fromkeys(map(str, self.table["arm"]))) if len(self.table) else ()


def load_purchases(folders: Mapping[tuple[str, int, int], Path]) -> Purchases:
    """Read `acquired.csv` of all runs, and `acquired.npz` of each arm's first seed.

    Args:
        folders: of every round, by arm, seed and round.
    """
    frames = []
    for (arm, seed, number), folder in folders.items():
        path = paths.within(folder, paths.ACQUIRED)
        if path.is_file():
            table = pd.read_csv(
                path, dtype={"image_id": str}, keep_default_na=False,
                na_values={"score": ["", "nan"]},
            )  # fmt: skip
            # Rank 0 marks candidates that were scored but not bought.
            frames.append(table[table["rank"] > 0].assign(arm=arm, seed=seed, round=number))
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return Purchases()
    table = pd.concat(frames, ignore_index=True)
    first = table.groupby("arm")["seed"].min()
    maps = {}
    for run, folder in folders.items():
        path = paths.within(folder, paths.ACQUIRED_MAPS)
        if run[1] == first.get(run[0]) and path.is_file():
            with np.load(path, allow_pickle=False) as arrays:
                by_image = dict(zip(map(str, arrays["image_ids"]), arrays["maps"], strict=True))
                maps[run] = ScoreMaps(by_image, float(arrays["peak"]))
    return Purchases(table, {run: scores for run, scores in maps.items() if scores.maps})
