"""A synthetic stack of any size for measurements."""

from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core.files import write_csv, write_json


def write_stack(folder: Path, count: int, size: int) -> None:
    """Write a prepared stack of `count` noise images of `size` pixels with one square each."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    shape = (count, size, size)
    images = np.lib.format.open_memmap(folder / "images.npy", "w+", np.uint8, (*shape, 3))
    masks = np.lib.format.open_memmap(folder / "masks.npy", "w+", np.uint8, shape)
    for number in range(count):
        images[number] = rng.integers(0, 200, (size, size, 3))
        y, x = rng.integers(0, size - size // 4, 2)
        images[number, y : y + size // 4, x : x + size // 4] += 50
        masks[number, y : y + size // 4, x : x + size // 4] = 1
    index = pd.DataFrame({"row": range(count), "split": "", "group": "", "image_label": "1"})
    index["image_id"] = [f"i{number:06}" for number in range(count)]
    index["sha256"] = index["image_id"]
    index["has_mask"] = True
    index["foreground"] = (size // 4) ** 2
    index["pixels"] = size**2
    for name in ("height", "width", "stack_height", "stack_width"):
        index[name] = size
    write_csv(folder / "index.csv", index)
    card = {"name": "squares", "classes": ["square"], "channels": 3, "image_size": [size, size]}
    levels = {"percentiles": (0.5, 99.5), "value_range": None}
    write_json(folder / "card.json", card | {"fit": "stretch", "levels": levels})
