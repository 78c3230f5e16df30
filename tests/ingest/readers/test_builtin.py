"""The drawn pictures come in as a user's own folder would."""

from pathlib import Path

import numpy as np
from PIL import Image

from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.builtin import Builtin


def test_layout_and_masks(tmp_path: Path) -> None:
    mask = np.array([[0, 255]], np.uint8)
    for part in ("", "test/"):
        for kind in ("images", "masks"):
            folder = tmp_path / part / kind
            folder.mkdir(parents=True)
            Image.fromarray(mask).save(folder / "train-00000.png")
    reader = Builtin()
    items = reader.items(tmp_path)
    assert [item.split for item in items] == [None, "test"]
    raw = reader.load(items[0]).mask
    assert raw is not None
    rule = fit(reader.mask, classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, items[0]), [[0, 1]])
