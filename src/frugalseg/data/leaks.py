"""Leaks: images on two sides of a split that belong together."""

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError

COLUMNS = ["image_id", "part", "other_id", "other_part", "reason"]
RANKS = {"dropped": -1, "unlabeled": 0, "train": 0, "val": 1, "test": 2}
"""A part may hold nothing of a part of a higher rank; unlabeled images are trained on too."""
_SHOWN = 10

Texts = NDArray[np.object_]


def find_leaks(
    index: pd.DataFrame, part: Texts, units: NDArray[np.int64], pairs: pd.DataFrame
) -> pd.DataFrame:
    """List each image that belongs together with one of a part of higher rank, and that image.

    Args:
        index: `image_id`, `sha256`, `group`.
        part: the part of each image.
        units: equal numbers belong together, see `frugalseg.data.split.linked`.
        pairs: near-duplicates, `image_id` and `other_id`.

    Returns:
        `image_id`, `part`, `other_id`, `other_part` and the `reason`: `exact` (equal pixels),
        `near` (near-duplicates), `group`, or `linked` (through a third image).
    """
    rank = np.array([RANKS[name] for name in part], np.int64)
    ways = _relatives(index, rank, units, pairs)
    names = index["image_id"].tolist()
    highest = pd.Series(rank).groupby(units).transform("max").to_numpy()
    rows = []
    for here in np.flatnonzero((rank >= 0) & (rank < highest)).tolist():
        relatives = ((reason, way.get(here, here)) for reason, way in ways.items())
        reason, other = next(pair for pair in relatives if rank[pair[1]] > rank[here])
        rows.append((names[here], part[here], names[other], part[other], reason))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def refuse(leaks: pd.DataFrame) -> None:
    """Raise FrugalsegError that names the leaks, if there are any."""
    if leaks.empty:
        return
    lines = [f"The official split leaks: {len(leaks)} images belong to one on its other side."]
    lines += [
        f"  {row.image_id} ({row.part}) and {row.other_id} ({row.other_part}): {row.reason}"
        for row in leaks.head(_SHOWN).itertuples()
    ]
    if len(leaks) > _SHOWN:
        lines.append(f"  and {len(leaks) - _SHOWN} more")
    remedy = (
        "Set split.leaks to drop (leave them out of training) or keep (train on them, and list "
        "them), or change duplicates.distance or the reader's groups."
    )
    raise FrugalsegError("\n".join([*lines, remedy]))


def _relatives(
    index: pd.DataFrame, rank: NDArray[np.int64], units: NDArray[np.int64], pairs: pd.DataFrame
) -> dict[str, dict[int, int]]:
    """Return each position's relative of the highest rank, for each reason to belong together."""
    order = np.argsort(-rank, kind="stable").tolist()

    def sharing(keys: list[Any]) -> dict[int, int]:
        first: dict[Any, int] = {}
        for position in order:
            first.setdefault(keys[position], position)
        return {position: first[key] for position, key in enumerate(keys) if key != ""}

    position_of = {name: position for position, name in enumerate(index["image_id"])}
    near: dict[int, int] = {}
    for one, other in zip(pairs["image_id"], pairs["other_id"], strict=True):
        for here, there in permutations((position_of[one], position_of[other])):
            if here not in near or rank[there] > rank[near[here]]:
                near[here] = there
    return {
        "exact": sharing(index["sha256"].tolist()),
        "near": near,
        "group": sharing(index["group"].tolist()),
        "linked": sharing(units.tolist()),
    }
