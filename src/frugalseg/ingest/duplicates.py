"""Find duplicates: images of equal pixels, or with perceptual hashes a few bits apart."""

import imagehash
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

COLUMNS = ["image_id", "other_id", "kind", "distance", "same_mask"]
_BLOCK = 256

SIDE = 16
BITS = SIDE * SIDE
MIN_SPREAD = 1.0
"""Standard deviation, in gray levels, below which a picture has no structure to hash. The most even
image of the archives that docs/data.md names has 4."""
_ENOUGH = 2 * 4 * SIDE
"""Pixels a side; larger pictures are averaged first, which is faster than one big resize."""

Edges = NDArray[np.int64]
"""E x 3: two positions, the earlier first, and the bits in which their hashes differ."""


def perceptual_hash(image: NDArray[np.uint8]) -> str:
    """Hash the low frequencies of an image: pHash of 256 bits (Zauner 2010, chapter 3.2.1).

    The signs of the 16 x 16 lowest coefficients of its cosine transform against their median; the
    more bits of two hashes differ, the more do the images, see `hash_words`.

    Args:
        image: uint8, H x W x C with C = 1 or 3.

    Returns:
        64 hex digits; nothing for an image without structure.
    """
    gray = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).convert("L")
    small = gray.reduce((max(1, gray.width // _ENOUGH), max(1, gray.height // _ENOUGH)))
    if np.asarray(small).std() < MIN_SPREAD:
        return ""
    bits = imagehash.phash(small, hash_size=SIDE).hash
    return np.packbits(bits).tobytes().hex()


def hash_words(hashes: list[str]) -> NDArray[np.uint64]:
    """Return hashes as uint64, N x 4: two differ in `bitwise_count(a ^ b).sum()` bits."""
    packed = np.frombuffer(bytes.fromhex("".join(hashes)), np.uint8)
    return packed.reshape(len(hashes), BITS // 8).view(np.uint64)


def find_duplicates(index: pd.DataFrame, *, distance: int | None) -> pd.DataFrame:
    """List the duplicates in a stack as the fewest pairs that link all of them.

    Images of equal pixels are each paired with the first of them. Near-duplicates are a minimum
    spanning forest: n images that all resemble each other are n - 1 pairs and not n^2 / 2.

    Args:
        index: `image_id`, `sha256` of the pixels, `phash` (see `perceptual_hash`), and
            `mask_sha256` of the mask, empty where there is none.
        distance: bits, of 256, up to which two hashes are near; None finds equal pixels only.

    Returns:
        `image_id`, `other_id`, `kind` (`exact`, `near`), `distance` in bits, `same_mask` (`True`,
        `False`, or empty where one has no mask); exact pairs first, then the nearest first.
    """
    positions = np.arange(len(index))
    first = pd.Series(positions).groupby(index["sha256"].to_numpy()).transform("min").to_numpy()
    again = np.flatnonzero(first != positions)
    exact = np.stack([first[again], again, np.zeros_like(again)], axis=1)
    near = np.empty((0, 3), np.int64)
    if distance is not None:
        hashed = index["phash"].to_numpy(object) != ""
        unique = np.flatnonzero(hashed & (first == positions))
        near = near_pairs(hash_words(index["phash"].iloc[unique].tolist()), distance)
        near[:, :2] = unique[near[:, :2]]
    return _table(index, exact, near)


def near_pairs(words_N_4: NDArray[np.uint64], distance: int) -> Edges:
    """Return a minimum spanning forest of the pairs at most `distance` bits apart.

    All pairs are compared, 256 rows at a time: 10,000 hashes take about a second, and memory holds
    some ten thousand edges however many pairs are near.
    """
    count = len(words_N_4)
    forest = np.empty((0, 3), np.int64)
    for start in range(0, count, _BLOCK):
        block, others = words_N_4[start : start + _BLOCK], words_N_4[start:]
        bits = np.zeros((len(block), len(others)), np.int16)
        for word in range(words_N_4.shape[1]):
            bits += np.bitwise_count(block[:, None, word] ^ others[None, :, word])
        rows, columns = np.nonzero(np.triu(bits <= distance, k=1))
        edges = np.stack([rows + start, columns + start, bits[rows, columns]], axis=1)
        forest = _spanning_forest(np.concatenate([forest, edges.astype(np.int64)]), count)
    return forest


def summarize(pairs: pd.DataFrame) -> dict[str, int]:
    """Count pairs: `exact`, `near`, and those of either kind with `different_masks`."""
    kinds = pairs["kind"]
    return {
        "exact": int((kinds == "exact").sum()),
        "near": int((kinds == "near").sum()),
        "different_masks": int((pairs["same_mask"].astype(str) == "False").sum()),
    }


def _spanning_forest(edges: Edges, count: int) -> Edges:
    """Return the minimum spanning forest of `edges`, sorted."""
    weights = (edges[:, 2] + 1, (edges[:, 0], edges[:, 1]))  # csgraph ignores edges of weight 0
    tree = minimum_spanning_tree(coo_array(weights, shape=(count, count)).tocsr()).tocoo()
    forest = np.stack([tree.row, tree.col, tree.data - 1], axis=1).astype(np.int64)
    forest[:, :2].sort(axis=1)
    return forest[np.lexsort((forest[:, 1], forest[:, 0], forest[:, 2]))]


def _table(index: pd.DataFrame, exact: Edges, near: Edges) -> pd.DataFrame:
    edges = np.concatenate([exact, near])
    names = index["image_id"].to_numpy(object)
    one, other = (index["mask_sha256"].to_numpy(object)[edges[:, side]] for side in (0, 1))
    same = np.where((one == "") | (other == ""), "", np.where(one == other, "True", "False"))
    return pd.DataFrame(
        {
            "image_id": names[edges[:, 0]],
            "other_id": names[edges[:, 1]],
            "kind": ["exact"] * len(exact) + ["near"] * len(near),
            "distance": edges[:, 2],
            "same_mask": same.astype(object),
        },
        columns=COLUMNS,
    )
