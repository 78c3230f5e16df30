import time
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from frugalseg.core import paths
from frugalseg.core.files import write_csv
from frugalseg.data.stack import read_duplicates
from frugalseg.ingest.duplicates import (
    find_duplicates,
    near_pairs,
    summarize,
)


def code(*bits: int) -> str:
    """Return a hash whose bits are 0 but for the given ones."""
    array = np.zeros(256, np.uint8)
    array[list(bits)] = 1
    return np.packbits(array).tobytes().hex()


def table(**columns: list[str]) -> pd.DataFrame:
    count = len(columns["phash"])
    base = {
        "image_id": [f"i{number}" for number in range(count)],
        "sha256": [f"s{number}" for number in range(count)],
        "mask_sha256": ["m"] * count,
    }
    return pd.DataFrame(base | columns)


def test_pairs_kinds_distances_and_masks() -> None:
    index = table(
        phash=[code(), code(1, 2), code(), code(*range(100)), ""],
        sha256=["a", "b", "a", "c", "d"],
        mask_sha256=["m", "", "n", "m", "m"],
    )
    pairs = find_duplicates(index, distance=2)
    assert pairs.to_numpy().tolist() == [
        ["i0", "i2", "exact", 0, "False"],
        ["i0", "i1", "near", 2, ""],
    ]
    assert summarize(pairs) == {"exact": 1, "near": 1, "different_masks": 1}


def test_without_a_distance_only_equal_pixels_count() -> None:
    index = table(phash=[code(), code(), code()], sha256=["a", "b", "a"])
    assert find_duplicates(index, distance=None)["kind"].tolist() == ["exact"]
    assert find_duplicates(index, distance=0)["kind"].tolist() == ["exact", "near"]


def test_images_without_structure_are_near_nothing() -> None:
    assert find_duplicates(table(phash=["", "", ""]), distance=32).empty


def test_each_image_is_listed_with_its_nearest() -> None:
    index = table(phash=[code(), code(*range(9)), code(*range(10)), code(*range(20))])
    pairs = find_duplicates(index, distance=20)
    found = {(row.image_id, row.other_id, row.distance) for row in pairs.itertuples()}
    assert found == {("i1", "i2", 1), ("i0", "i1", 9), ("i2", "i3", 10)}


def test_many_alike_images_are_few_pairs() -> None:
    """A fixed camera: 600 near-equal frames are 599 pairs, and not 180,000."""
    pairs = find_duplicates(table(phash=[code(number % 256) for number in range(600)]), distance=4)
    assert len(pairs) == 599
    assert set(pairs["image_id"]) | set(pairs["other_id"]) == {f"i{n}" for n in range(600)}


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 12), st.integers(0, 999))
def test_forest_links_what_all_pairs_link(count: int, distance: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = (rng.integers(0, 2, (count, 4)) * rng.integers(1, 256, (count, 4))).astype(np.uint64)
    bits = np.bitwise_count(words[:, None] ^ words[None]).sum(axis=2)
    forest = near_pairs(words, distance)
    kept = np.zeros((count, count))
    kept[forest[:, 0], forest[:, 1]] = 1
    every = connected_components(bits <= distance)[1]
    assert len(forest) == count - len(set(every))
    linked = connected_components(kept, directed=False)[1]
    assert len({*zip(every, linked, strict=True)}) == len(set(every)) == len(set(linked))
    assert (bits[forest[:, 0], forest[:, 1]] == forest[:, 2]).all()
    assert (forest[:, 0] < forest[:, 1]).all()


def test_ten_thousand_images_take_seconds() -> None:
    words = np.random.default_rng(0).integers(0, 2**63, (10_000, 4)).astype(np.uint64)
    words[9_999] = words[0] ^ np.array([7, 0, 0, 1], np.uint64)
    start = time.process_time()
    assert near_pairs(words, 32).tolist() == [[0, 9_999, 4]]
    assert time.process_time() - start < 20


def test_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    pairs = find_duplicates(
        table(phash=[code(), code(1)], image_id=["1", "nan"], mask_sha256=["", "m"]), distance=8
    )
    write_csv(paths.within(tmp_path, paths.DUPLICATES), pairs)
    read = read_duplicates(tmp_path)
    assert read.to_numpy().tolist() == pairs.to_numpy().tolist()
    write_csv(paths.within(tmp_path, paths.DUPLICATES), pairs.iloc[:0])
    assert read_duplicates(tmp_path).columns.tolist() == pairs.columns.tolist()
