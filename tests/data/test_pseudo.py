from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core.constants import IGNORE
from frugalseg.data.ledger import buy_images, empty_ledger, labeled_rows
from frugalseg.data.pseudo import PseudoMasks, with_pseudo

INDEX = pd.DataFrame(
    {"row": [0, 1], "image_id": ["a", "b"], "pixels": 4, "stack_height": 2, "stack_width": 2}
)


def test_bought_masks_stand_before_pseudo_masks_and_no_ledger_file_knows_them(
    tmp_path: Path,
) -> None:
    np.save(tmp_path / "masks.npy", np.zeros((2, 2, 2), np.uint8))
    np.save(tmp_path / "pseudo.npy", np.full((2, 2, 2), 1, np.uint8))
    listing = pd.DataFrame({"image_id": ["b", "a"], "part": ["val", "train"]})
    listing.to_csv(tmp_path / "pseudo.csv", index=False)
    ledger = buy_images(empty_ledger(), INDEX, ["a"], round_=0, part="train")
    masks = PseudoMasks(tmp_path / "masks.npy", INDEX, ledger, tmp_path / "pseudo.npy")
    assert masks[np.array([0, 1])].reshape(2, -1).tolist() == [[0] * 4, [1] * 4]
    seen = with_pseudo(ledger, tmp_path / "pseudo.npy")
    assert labeled_rows(INDEX, seen, "val").tolist() == [1]
    assert seen.loc[seen["unit"] == "pseudo", "pixels"].sum() == 0
    assert (ledger["unit"] == "image").all()


def test_what_a_pseudo_mask_ignores_is_ignored(tmp_path: Path) -> None:
    np.save(tmp_path / "pseudo.npy", np.array([[[0, 1], [IGNORE, 1]]], np.uint8))
    pd.DataFrame({"image_id": ["b"], "part": ["train"]}).to_csv(
        tmp_path / "pseudo.csv", index=False
    )
    masks = PseudoMasks(tmp_path / "none.npy", INDEX, empty_ledger(), tmp_path / "pseudo.npy")
    assert masks[np.array([1, 0])].reshape(2, -1).tolist() == [[0, 1, IGNORE, 1], [IGNORE] * 4]
