"""What every round has bought and what its pixels scored, from the files beside the ledgers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths

BOX = ["y", "x", "height", "width"]


@dataclass(frozen=True)
class ScoreMaps:
    """What the pixels of a few images scored in one round.

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
        table: one row a purchase: arm, seed, round, image_id, y, x, height, width, pixels (that
            were new), score and rank (from 1).
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
    for run, folder in folders.items():
        path = paths.within(folder, paths.ACQUIRED)
        if path.is_file() and len(table := _purchases(path)):
            arm, seed, number = run
            frames.append(table.assign(arm=arm, seed=seed, round=number))
    if not frames:
        return Purchases()
    table = pd.concat(frames, ignore_index=True)
    first = table.groupby("arm")["seed"].min()
    shown = {run: path for run, path in folders.items() if run[1] == first.get(run[0])}
    files = {run: paths.within(folder, paths.ACQUIRED_MAPS) for run, folder in shown.items()}
    maps = {run: _maps(path) for run, path in files.items() if path.is_file()}
    return Purchases(table, {run: found for run, found in maps.items() if found.maps})


def _purchases(path: Path) -> pd.DataFrame:
    """Read what was bought; the scores of what was only offered (rank 0) are left out."""
    text = {"image_id": str}
    table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"score": ["", "nan"]})
    return table[table["rank"] > 0]


def _maps(path: Path) -> ScoreMaps:
    with np.load(path, allow_pickle=False) as arrays:
        names: Sequence[str] = [str(name) for name in arrays["image_ids"]]
        return ScoreMaps(dict(zip(names, arrays["maps"], strict=True)), float(arrays["peak"]))
