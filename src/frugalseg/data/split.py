"""Splits that keep the official test images, whole groups and duplicates on one side."""

from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.leaks import COLUMNS, find_leaks, refuse
from frugalseg.data.strata import systematic_order, tag_and_area

PARTS = ("train", "val", "test", "unlabeled", "dropped")
NO_PAIRS = pd.DataFrame(columns=["image_id", "other_id"], dtype=object)

Policy = Literal["keep", "drop", "fail"]


class Split(NamedTuple):
    """A split and its leaks.

    Attributes:
        parts: `image_id` and `part` (one of `PARTS`), in the order of the index.
        leaks: see `frugalseg.data.leaks.find_leaks`; dropped images are listed with the part that
            they had before.
    """

    parts: pd.DataFrame
    leaks: pd.DataFrame


def read_split(path: Path) -> pd.DataFrame:
    """Read a split file: `image_id` and `part`, all text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def split(
    index: pd.DataFrame,
    *,
    test: float,
    validation: float,
    test_rng: np.random.Generator,
    validation_rng: np.random.Generator,
    pairs: pd.DataFrame = NO_PAIRS,
    leaks: Policy = "keep",
) -> Split:
    """Give every image of a stack its part.

    Official `test`, `val` and `unlabeled` splits are kept. Where there is no official test split,
    a share `test` of the labeled images is drawn; where there is no official validation split, a
    share `validation` of what is left (0: none). Images of one group, of equal pixels, and
    near-duplicates are drawn together. Test images are stratified by image tag and defect area;
    validation images are labels for learning, and nothing unpaid may choose them. An unlabeled
    image that belongs together with a drawn one is dropped.

    Args:
        index: `image_id`, `split`, `group`, `sha256`, `image_label`, `has_mask`, `foreground`,
            `pixels`.
        test_rng, validation_rng: generators of the two draws. All seeds of a study hand in the
            same `test_rng`, so that they are scored on the same images.
        pairs: near-duplicates, see `frugalseg.ingest.duplicates`.
        leaks: what to do with images that belong together across official parts: `keep` and list
            them; `drop` those on the training side; `fail`.

    Raises:
        FrugalsegError: a part that is needed would be empty; the official split leaks, and `leaks`
            is `fail`.
    """
    part = index["split"].where(index["split"].isin(PARTS), "train").to_numpy(object)
    part[~index["has_mask"].to_numpy(bool)] = "unlabeled"
    units = linked(index, pairs)
    official = find_leaks(index, part, units, pairs)
    if leaks == "fail":
        refuse(official)
    if leaks == "drop":
        part[index["image_id"].isin(official["image_id"]).to_numpy()] = "dropped"
    drawn = []
    blind = index.assign(image_label="", foreground=0)
    draws = (("test", test, test_rng, index), ("val", validation, validation_rng, blind))
    for name, share, rng, images in draws:
        if share and not (part == name).any():
            free = np.flatnonzero(part == "train")
            part[free[_draw(images.iloc[free], units[free], share, rng)]] = name
            drawn.append(name)
    remaining = find_leaks(index, part, units, pairs)
    related = remaining[(remaining["part"] == "unlabeled") & remaining["other_part"].isin(drawn)]
    part[index["image_id"].isin(related["image_id"]).to_numpy()] = "dropped"
    _refuse_empty(part, units, test, validation)
    listed = pd.concat([official, remaining]) if leaks == "drop" else remaining
    parts = pd.DataFrame({"image_id": index["image_id"].to_numpy(), "part": part})
    return Split(parts, listed[COLUMNS].reset_index(drop=True))


def _refuse_empty(
    part: NDArray[np.object_], units: NDArray[np.int64], test: float, validation: float
) -> None:
    for name in ("train", "val", "test"):
        if not (part == name).any() and (name != "val" or validation):
            dropped = int((part == "dropped").sum())
            raise FrugalsegError(
                f"The split leaves no image for {name!r}: {len(part)} images, {dropped} of them "
                f"dropped, {len(np.unique(units))} groups, test {test:g}, validation "
                f"{validation:g}. Add images, or change datasets.<name>.split."
            )


def training_pool(index: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `index` that are for training."""
    names = set(parts.loc[parts["part"] == "train", "image_id"])
    return index[index["image_id"].isin(names)].reset_index(drop=True)


def amount(share: int | float, size: int, key: str) -> int:
    """Turn a share (a float) or a number (an int) of images into a number of at least 1.

    Args:
        size: images in the training pool.
        key: the arm's key in `params.yaml` that `share` comes from.

    Raises:
        FrugalsegError: more images than the training pool has.
    """
    if isinstance(share, float):
        return max(1, round(share * size))
    if share > size:
        raise FrugalsegError(
            f"'{key}' asks for {share} images, but the training pool has {size}. Lower the arm's "
            f"'{key}' in params.yaml, or give a share such as 0.1."
        )
    return share


def evenly_in_log(bought: int, size: int, rounds: int) -> int:
    """Return how many images the next round buys, so that its last one buys the rest of the pool.

    Each round multiplies the labels by the same factor, and buys one image at least.

    Args:
        bought: images of the pool that are labeled, at least 1. size: images in the pool.
        rounds: how many are left, this one included.

    Example:
        >>> evenly_in_log(1, 32, rounds=5)
        1
        >>> evenly_in_log(16, 32, rounds=1)
        16
    """
    factor: float = (size / bought) ** (1 / rounds)
    return max(1, min(round(bought * factor), size) - bought)


def linked(index: pd.DataFrame, pairs: pd.DataFrame) -> NDArray[np.int64]:
    """Number the sets of images that must stay together, transitively.

    One group, equal pixels, or a pair of near-duplicates.

    Returns:
        int64, one number an image; equal numbers belong together.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(index)
    groups = index["group"].where(index["group"] != "", "\0" + index["image_id"])
    edges = [pd.factorize(column)[0] for column in (groups, index["sha256"])]
    position = pd.Series(np.arange(size), index=index["image_id"])
    near = [
        position.loc[pairs[side].tolist()].to_numpy(np.int64) for side in ("image_id", "other_id")
    ]
    rows = np.concatenate([np.tile(np.arange(size), 2), near[0]])
    columns = np.concatenate([size + edges[0], size + edges[0].max() + 1 + edges[1], near[1]])
    nodes = int(columns.max()) + 1
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(nodes, nodes))
    labels = connected_components(graph, directed=False)[1]
    return np.asarray(labels[:size], dtype=np.int64)


def unlabeled_rows(
    index: pd.DataFrame, pairs: pd.DataFrame, parts: pd.DataFrame, ledger: pd.DataFrame
) -> NDArray[np.int64]:
    """Return the stack rows that may be learned from without their masks, ascending.

    They are the images of part `unlabeled`, and the training images whose whole mask the ledger
    has not bought, except those of the same group as a validation or test image or duplicates
    of one: a neighbor of a test slice shows half of it.

    Args:
        pairs: near-duplicates, see `linked`.
        parts: `image_id` and `part`, see `read_split`.
        ledger: `image_id` and `unit`.
    """
    part = index["image_id"].map(parts.set_index("image_id")["part"])
    bought = set(ledger.loc[ledger["unit"] == "image", "image_id"])
    units = linked(index, pairs)
    held = part.isin(["val", "test"]).to_numpy()
    free = part.isin(["train", "unlabeled"]) & ~index["image_id"].isin(bought)
    free &= ~np.isin(units, units[held])
    return np.sort(index.loc[free, "row"].to_numpy(np.int64))


def _draw(
    images: pd.DataFrame, units: NDArray[np.int64], share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose whole units, stratified by tag and area, until `share` of the images is reached.

    At least one is chosen.
    """
    target = share * len(images)
    numbers, sizes = np.unique(units, return_counts=True)
    if target <= 0:
        return np.zeros(len(images), np.bool_)
    order = systematic_order(tag_and_area(images, units), share, rng)
    taken: list[int] = []
    count = 0
    for position in order:
        fits = sizes[position] <= max(target, 1)  # a unit that is too large stays in training
        if fits and count + sizes[position] / 2 <= target:
            taken.append(numbers[position])
            count += int(sizes[position])
    smallest = order[np.argmin(sizes[order])]
    return np.asarray(np.isin(units, taken or [numbers[smallest]]), np.bool_)
