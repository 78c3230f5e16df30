"""Defects that resizing removes are named, with the size that keeps them."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from mask_codings import Pixels, png

from frugalseg.core.files import read_json
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare


def lines(width: int, number: int) -> Pixels:
    """Return a vertical scratch in 1024 x 1024 pixels; 256 columns show every fourth of them."""
    mask = np.zeros((1024, 1024), np.uint8)
    mask[:, 101 * number + 4 : 101 * number + 4 + width] = 255
    return mask


def scratches(folder: Path, width: int, **changes: Any) -> tuple[Pixels, dict[str, Any]]:
    archive, out = folder / "archive.zip", folder / "stack"
    ground = np.random.default_rng(0).integers(0, 100, (1024, 1024), np.uint8)
    with zipfile.ZipFile(archive, "w") as zipped:
        for number in range(8):
            mask = lines(width, number)
            zipped.writestr(f"images/{number}.png", png(ground + mask // 2))
            zipped.writestr(f"masks/{number}.png", png(mask))
    entry = {"source": "file:x", "reader": "folder", "image_size": [256, 256]} | changes
    prepare.run(archive, out, DataSetParams.model_validate(entry), name="mine", threads=2)
    return np.load(out / "masks.npy"), read_json(out / "card.json")


def test_scratches_lost_to_resizing_are_named_with_what_keeps_them(tmp_path: Path) -> None:
    """Columns 2, 6, 10 ... are shown, so scratches survive at 101 n + 4 = 2 modulo 4: two of 8."""
    masks, card = scratches(tmp_path, 1)
    assert [bool(mask.any()) for mask in masks] == [n % 4 == 2 for n in range(8)]
    assert card["mask"]["area_kept"] == 2 / 8
    assert card["warnings"] == [
        "6 of 8 images with a defect lose all of it at 256 x 256, and would count as free of "
        "defects: images/0.png, images/1.png, images/3.png, images/4.png, images/5.png and 1 "
        "more. image_size: [1024, 1024], or tile: {} (tiles at the images' own scale), keeps them."
    ]


def test_the_size_that_was_named_keeps_them(tmp_path: Path) -> None:
    """Three pixels wide, so the stack may be a third of 1024 wide, rounded up to 352."""
    for width, size in ((1, [1024, 1024]), (3, [352, 352])):
        masks, card = scratches(tmp_path, width, image_size=size)
        assert masks.any(axis=(1, 2)).all()
        assert card["warnings"] == []
    _, card = scratches(tmp_path, 1, tile={"scale": 0.25})
    assert "tile: {scale: 1} keeps them" in card["warnings"][0]
    _, card = scratches(tmp_path, 1, tile={})
    assert (card["warnings"], card["mask"]["area_kept"]) == ([], 1)
