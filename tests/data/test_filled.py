from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core.constants import IGNORE
from frugalseg.data.drawn import buy_drawings
from frugalseg.data.filled import FilledMasks, fill
from frugalseg.data.ledger import buy_images, empty_ledger
from frugalseg.data.revealed import RevealedMasks

BOX = (2, 2, 6, 6)


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return an image of grey 100 with a disk-like object of grey 200 in BOX, and its mask."""
    mask = np.zeros((12, 12), np.uint8)
    mask[2:8, 3:7] = mask[3:7, 2:8] = 1
    image = np.where(mask == 1, 200, 100).astype(np.uint8)
    return np.repeat(image[..., None], 3, axis=2), mask


def boxed(mask: np.ndarray) -> np.ndarray:
    target = np.zeros_like(mask)
    target[2:8, 2:8] = IGNORE
    return target


def test_what_differs_from_the_background_is_the_object() -> None:
    image, mask = scene()
    target = boxed(mask)
    fill(target, image, ((1, BOX),))
    assert np.array_equal(target, mask)


def test_what_lies_between_is_not_labeled() -> None:
    image, mask = scene()
    image[4, 4] = 150  # Otsu puts its threshold there: more than half of it, less than 1.2 times
    target = boxed(mask)
    fill(target, image, ((3, BOX),))
    assert target[4, 4] == IGNORE
    target[4, 4] = 3
    assert np.array_equal(target, 3 * mask)


def test_labels_that_are_known_stay() -> None:
    image, mask = scene()
    target = boxed(mask)
    target[4, 4], target[2, 2] = 0, 2
    fill(target, image, ((1, BOX),))
    assert (target[4, 4], target[2, 2]) == (0, 2)


def test_a_box_without_background_or_contrast_says_nothing() -> None:
    image, mask = scene()
    everything = np.full_like(mask, IGNORE)
    fill(everything, image, ((1, (0, 0, 12, 12)),))
    assert (everything == IGNORE).all()
    flat = boxed(mask)
    fill(flat, np.full_like(image, 100), ((1, BOX),))
    assert np.array_equal(flat, boxed(mask))


def test_of_boxes_that_overlap_each_keeps_its_object() -> None:
    image = np.full((12, 20, 3), 100, np.uint8)
    image[3:9, 2:8], image[3:9, 8:14] = 200, 10
    target = np.zeros((12, 20), np.uint8)
    boxes = ((1, (3, 2, 6, 7)), (2, (3, 7, 6, 7)))
    for _, (y, x, height, width) in boxes:
        target[y : y + height, x : x + width] = IGNORE
    fill(target, image, boxes)
    assert (target[3:9, 2:7] == 1).all()
    assert (target[3:9, 9:14] == 2).all()


def test_boxes_that_were_bought_are_filled_and_other_labels_are_as_bought(tmp_path: Path) -> None:
    image, mask = scene()
    np.save(tmp_path / "masks.npy", np.stack([mask, mask, mask]))
    index = pd.DataFrame(
        {
            "row": [0, 1, 2],
            "image_id": ["a", "b", "c"],
            "pixels": 144,
            "stack_height": 12,
            "stack_width": 12,
        }
    )
    masks = np.load(tmp_path / "masks.npy")
    ledger = buy_images(empty_ledger(), index, ["a"], round_=0, part="train")
    for kind, name in (("boxes", "b"), ("points", "c")):
        ledger = buy_drawings(ledger, index, [name], kind, masks, round_=0, part="train")
    rows = np.array([0, 1, 2])
    images = np.stack([np.zeros_like(image), image, image])
    filled = FilledMasks(tmp_path / "masks.npy", index, ledger, images)[rows]
    plain = RevealedMasks(tmp_path / "masks.npy", index, ledger)[rows]
    assert np.array_equal(filled[0], mask)
    assert np.array_equal(filled[1], mask)
    assert (plain[1][2:8, 2:8] == IGNORE).all()
    assert np.array_equal(filled[2], plain[2])
    assert (plain[2] != IGNORE).sum() == 5
