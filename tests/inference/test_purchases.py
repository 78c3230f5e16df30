from pathlib import Path

import numpy as np
import pandas as pd
from pool_makers import make_pool

from frugalseg.acquisition.base import Choice
from frugalseg.acquisition.query_size import Query
from frugalseg.inference.purchases import (
    Acquired,
    acquired_table,
    shown_images,
    shrink,
    write_acquired,
)


def test_purchases_come_first_then_what_was_offered() -> None:
    queries = [Query("i1", (0, 2, 2, 2), 3, 0.5), Query("i1", (2, 2, 2, 2), 4, 0.25)]
    choice = Choice(queries, np.array([np.nan, 0.5]))
    table = acquired_table(make_pool([(3, 4), (4, 4)]), choice)
    assert table.to_numpy().tolist()[:2] == [
        ["i1", 0, 2, 2, 2, 3, 0.5, 1],
        ["i1", 2, 2, 2, 2, 4, 0.25, 2],
    ]
    assert table["rank"].tolist() == [1, 2, 0, 0]
    assert table.iloc[2][["image_id", "height", "width"]].tolist() == ["i0", 3, 4]
    assert shown_images(choice) == ["i1"]


def test_shrunk_maps_are_means_of_blocks_to_the_rim() -> None:
    scores = np.arange(15, dtype=np.float32).reshape(3, 5)
    assert shrink(scores, side=5).tolist() == scores.tolist()
    assert shrink(scores, side=3).tolist() == [[3.0, 5.0, 6.5], [10.5, 12.5, 14.0]]


def test_maps_are_kept_as_bytes_of_one_scale(tmp_path: Path) -> None:
    maps = {"a": np.full((2, 2), 0.25, np.float32), "b": np.full((2, 2), 0.5, np.float32)}
    files = tmp_path / "a.csv", tmp_path / "a.npz"
    write_acquired(*files, Acquired(maps=maps))
    kept = np.load(files[1], allow_pickle=False)
    assert kept["maps"].dtype == np.uint8
    assert kept["maps"][:, 0, 0].tolist() == [128, 255]
    assert kept["peak"] == 0.5
    assert pd.read_csv(files[0]).columns[0] == "image_id"
    before = files[1].read_bytes()
    write_acquired(*files, Acquired(maps=maps))
    assert files[1].read_bytes() == before


def test_maps_of_nothing_but_zeros_stay_zeros(tmp_path: Path) -> None:
    maps = {"a": np.zeros((2, 2), np.float32)}
    write_acquired(tmp_path / "a.csv", tmp_path / "a.npz", Acquired(maps=maps))
    assert not np.load(tmp_path / "a.npz")["maps"].any()
