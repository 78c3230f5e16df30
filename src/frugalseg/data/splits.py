"""Splits that keep the official test images, whole groups and exact duplicates on one side."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.errors import FrugalsegError

PARTS = ("train", "val", "test", "unlabeled")


def split(
    index: pd.DataFrame, *, test: float, validation: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Give every image of a stack its part.

    Official `test`, `val` and `unlabeled` splits are kept. Where there is no official test split,
    a share `test` of the labeled images is drawn; where there is no official validation split, a
    share `validation` of what is left. Images of one group, and images of equal pixels, are drawn
    together; the draw is stratified by image tag.

    Args:
        index: `image_id`, `split`, `group`, `sha256`, `image_label`, `has_mask`.

    Returns:
        `image_id` and `part` (`train`, `val`, `test`, `unlabeled`), in the order of `index`.

    Raises:
        FrugalsegError: a part that is needed would be empty.
    """
    part = index["split"].where(index["split"].isin(PARTS), "train").to_numpy(object)
    part[~index["has_mask"].to_numpy(bool)] = "unlabeled"
    units = linked(index)
    for name, share in (("test", test), ("val", validation)):
        if not (part == name).any():
            free = np.flatnonzero(part == "train")
            part[free[_draw(index.iloc[free], units[free], share, rng)]] = name
    for name in ("train", "val", "test"):
        if not (part == name).any():
            raise FrugalsegError(
                f"The split leaves no image for {name!r}: {len(index)} images, "
                f"{len(np.unique(units))} groups, test {test:g}, validation {validation:g}. "
                "Add images, or change the shares under datasets.<name>.split."
            )
    return pd.DataFrame({"image_id": index["image_id"].to_numpy(), "part": part})


def linked(index: pd.DataFrame) -> NDArray[np.int64]:
    """Number the sets of images that must stay together: one group, or equal pixels, transitively.

    Returns:
        int64, one number an image; equal numbers belong together.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(index)
    groups = index["group"].where(index["group"] != "", "\0" + index["image_id"])
    edges = [pd.factorize(column)[0] for column in (groups, index["sha256"])]
    rows = np.tile(np.arange(size), 2)
    columns = np.concatenate([size + edges[0], size + edges[0].max() + 1 + edges[1]])
    nodes = int(columns.max()) + 1
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(nodes, nodes))
    labels = connected_components(graph, directed=False)[1]
    return np.asarray(labels[:size], dtype=np.int64)


def unlabeled_rows(
    index: pd.DataFrame, parts: pd.DataFrame, ledger: pd.DataFrame
) -> NDArray[np.int64]:
    """Return the stack rows that may be learned from without their masks, ascending.

    They are the images of part `unlabeled`, and the training images whose whole mask the ledger
    has not bought; no validation or test image, and none of the same group or of equal pixels as
    one: a neighbor of a test slice is half seen.

    Args:
        parts: `image_id` and `part`, as `split` gives them. ledger: `image_id` and `unit`.
    """
    part = index["image_id"].map(parts.set_index("image_id")["part"])
    bought = set(ledger.loc[ledger["unit"] == "image", "image_id"])
    units = linked(index)
    held = part.isin(["val", "test"]).to_numpy()
    free = part.isin(["train", "unlabeled"]) & ~index["image_id"].isin(bought)
    free &= ~np.isin(units, units[held])
    return np.sort(index.loc[free, "row"].to_numpy(np.int64))


def stratified_order(strata: NDArray[np.object_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Shuffle so that every prefix holds each stratum's share to within one item.

    Item i of a stratum of n (in random order) stands at (i + 0.5) / n; ties are broken at random.
    Prefixes of one order are nested, so that a budget of 10 % lies inside one of 25 %.

    Returns:
        int64 positions into `strata`.
    """
    place = np.empty(len(strata))
    for stratum in sorted(set(strata), key=str):
        members = np.flatnonzero(strata == stratum)
        place[rng.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    return np.lexsort((rng.random(len(strata)), place))


def _draw(
    images: pd.DataFrame, units: NDArray[np.int64], share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose whole units, stratified, until `share` of the images is reached; at least one."""
    numbers, sizes = np.unique(units, return_counts=True)
    strata = _unit_strata(images, units, numbers)
    wanted = share * len(images)
    taken: list[int] = []
    count = 0
    for position in stratified_order(strata, rng) if wanted > 0 else []:
        if taken and count + sizes[position] / 2 > wanted:
            break
        taken.append(numbers[position])
        count += int(sizes[position])
    chosen: NDArray[np.bool_] = np.isin(units, taken)
    return chosen


def _unit_strata(
    images: pd.DataFrame, units: NDArray[np.int64], numbers: NDArray[np.int64]
) -> NDArray[np.object_]:
    """A unit's stratum is the set of tags of its images."""
    tags = images["image_label"].groupby(units).agg(lambda labels: "|".join(sorted(set(labels))))
    return tags.reindex(numbers.tolist()).to_numpy(object)
