from pathlib import Path
from typing import Any

import numpy as np

from frugalseg.reporting.load.samples import load_watched


def kept(folder: Path, steps: list[int], images: int = 1) -> Path:
    folder.mkdir(parents=True)
    arrays: dict[str, Any] = {
        "image_ids": np.array([f"i{k}" for k in range(images)], str),
        "steps": np.array(steps),
    }
    for place in range(images):
        arrays[f"image_{place}"] = np.zeros((3, 4, 1), np.uint8)
        arrays[f"truth_{place}"] = np.zeros((3, 4), np.uint8)
        arrays[f"preds_{place}"] = np.ones((len(steps), 3, 4), np.uint8)
    np.savez_compressed(folder / "watch.npz", **arrays)
    return folder


def test_first_seed_and_last_round_of_each_arm(tmp_path: Path) -> None:
    runs = {
        ("a", seed, number): kept(tmp_path / f"a{seed}{number}", [seed, number, 9], images=2)
        for seed in (3, 1)
        for number in (0, 1)
    }
    found = load_watched(runs)["a"]
    assert (found.seed, found.round, found.steps) == (1, 1, (1, 1, 9))
    assert [seen.image_id for seen in found.images] == ["i0", "i1"]
    assert found.images[1].preds.shape == (3, 3, 4)


def test_runs_that_nobody_watched_are_left_out(tmp_path: Path) -> None:
    runs = {
        ("without", 0, 0): kept(tmp_path / "without", [], images=0),
        ("missing", 0, 0): tmp_path / "missing",
    }
    assert load_watched(runs) == {}
