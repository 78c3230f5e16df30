"""Images on two sides of a split that belong together: what a model would know beforehand."""

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError

COLUMNS = ["image_id", "part", "other_id", "other_part", "reason"]
RANKS = {"dropped": -1, "unlabeled": 0, "train": 0, "val": 1, "test": 2}
"""A part may not know what is in a part of a higher rank; unlabeled images are trained on too."""
_SHOWN = 10

Texts = NDArray[np.object_]


def find_leaks(
    index: pd.DataFrame, part: Texts, units: NDArray[np.int64], pairs: pd.DataFrame
) -> pd.DataFrame:
    """List each image that belongs together with one in a part of higher rank, with that one.

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
        found = ((reason, way.get(here)) for reason, way in ways.items())
        reason, other = next(
            (reason, there)
            for reason, there in found
            if there is not None and rank[there] > rank[here]
        )
        rows.append((names[here], part[here], names[other], part[other], reason))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def refuse(leaks: pd.DataFrame) -> None:
    """Raise FrugalsegError that names the leaks, if there are any."""
    if leaks.empty:
        return
    shown = [
        f"  {row.image_id} ({row.part}) and {row.other_id} ({row.other_part}): {row.reason}"
        for row in leaks.head(_SHOWN).itertuples()
    ]
    more = len(leaks) - len(shown)
    raise FrugalsegError(
        "\n".join(
            [
                f"The official split leaks: {len(leaks)} images belong to one on its other side.",
                *shown,
                *([f"  and {more} more"] if more else []),
                "Set split.leaks to drop (leave them out of training) or keep (and have them "
                "told), or change duplicates.distance or the reader's groups.",
            ]
        )
    )


def _relatives(
    index: pd.DataFrame, rank: NDArray[np.int64], units: NDArray[np.int64], pairs: pd.DataFrame
) -> dict[str, dict[int, int]]:
    """Return, for each way of belonging together, each position's relative of the highest rank."""
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
