"""A folder of bright squares, with masks of some."""

from pathlib import Path

import numpy as np
from PIL import Image


def write_folder(folder: Path, masks: int, unlabeled: int = 3) -> Path:
    """Write `images/`, `masks/` and `unlabeled/`; every fourth image has no square."""
    rng = np.random.default_rng(0)
    for part in ("images", "masks", "unlabeled"):
        (folder / part).mkdir(parents=True)
    for number in range(masks + unlabeled):
        image = rng.integers(60, 120, (64, 64, 3)).astype(np.uint8)
        mask = np.zeros((64, 64), np.uint8)
        if number % 4 != 3:
            y, x = rng.integers(0, 40, 2)
            image[y : y + 20, x : x + 20] += 90
            mask[y : y + 20, x : x + 20] = 255
        part = "images" if number < masks else "unlabeled"
        Image.fromarray(image).save(folder / part / f"i{number:02}.png")
        if number < masks:
            Image.fromarray(mask).save(folder / "masks" / f"i{number:02}.png")
    return folder
