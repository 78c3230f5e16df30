from pathlib import Path

import numpy as np
import pandas as pd
import torch

from frugalseg.core.constants import IGNORE
from frugalseg.data.ledger import buy_images, empty_ledger
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import Stack
from frugalseg.models.scaling import Scaling
from frugalseg.training.watch import Watcher, choose_watched, write_watched

# four images of two tiles each, one above the other; the last one is for training
NAMES = ["a", "b", "c", "d"]


def stack(folder: Path) -> Stack:
    masks = np.zeros((8, 4, 4), np.uint8)
    masks[2, 0] = masks[5] = 1  # b has 4 pixels of a defect, c 16
    masks[1, 2:] = IGNORE  # a's second tile is padded
    np.save(folder / "masks.npy", masks)
    images = np.arange(8 * 4 * 4 * 3).reshape(8, 4, 4, 3).astype(np.uint8)
    index = pd.DataFrame(
        {
            "row": range(8),
            "image_id": [f"{name}/{half}" for name in NAMES for half in (0, 1)],
            "source_id": np.repeat(NAMES, 2),
            "tile_y": [0, 4] * 4,
            "tile_x": 0,
            "height": [4, 2, *[4] * 6],
            "width": 4,
            "stack_height": 4,
            "stack_width": 4,
            "pixels": 16,
            "foreground": ((masks > 0) & (masks < IGNORE)).sum(axis=(1, 2)),
        }
    )
    return Stack(images, index, folder / "masks.npy")


def ledger(made: Stack) -> pd.DataFrame:
    names = made.index["image_id"].tolist()
    bought = buy_images(empty_ledger(), made.index, names[:6], round_=0, part="val")
    return buy_images(bought, made.index, names[6:], round_=0, part="train")


def test_whole_validation_images_are_chosen_from_little_to_much(tmp_path: Path) -> None:
    made = stack(tmp_path)
    found = choose_watched(made, ledger(made), 2)
    assert [whole.image_id for whole in found] == ["b", "c"]
    assert found[0].rows.tolist() == [2, 3]
    assert {whole.image_id for whole in choose_watched(made, ledger(made), 9)} == {"a", "b", "c"}
    assert choose_watched(made, empty_ledger(), 2) == ()


def test_what_is_kept_can_be_read_without_pickles(tmp_path: Path) -> None:
    made = stack(tmp_path)
    bought = ledger(made)
    watcher = Watcher(
        made.images, choose_watched(made, bought, 9), 1, Scaling("unit"), torch.device("cpu")
    )
    sizes = [whole.size for whole in watcher.wholes]
    frames = [
        {"step": step, "preds": [torch.full(size, step, dtype=torch.uint8) for size in sizes]}
        for step in (5, 10)
    ]
    write_watched(tmp_path, watcher, RevealedMasks(made.masks_path, made.index, bought), frames)
    with np.load(tmp_path / "watch.npz", allow_pickle=False) as kept:
        assert kept["image_ids"].tolist() == ["b", "c", "a"]
        assert kept["steps"].tolist() == [5, 10]
        assert kept["preds_0"].shape == (2, 8, 4)
        assert np.unique(kept["preds_0"][1]).tolist() == [10]
        assert (kept["truth_1"] == 1).sum() == 16
        assert kept["truth_2"].shape == (6, 4)
        assert np.array_equal(kept["image_2"][:4], made.images[np.array([0])][0])


def test_nobody_watches_unless_asked(tmp_path: Path) -> None:
    made = stack(tmp_path)
    write_watched(tmp_path, None, RevealedMasks(made.masks_path, made.index, ledger(made)), [])
    with np.load(tmp_path / "watch.npz", allow_pickle=False) as kept:
        assert len(kept["image_ids"]) == len(kept["steps"]) == 0
