from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.inference.outputs import (
    PALETTE,
    class_colors,
    output_files,
    overlaid,
    write_outputs,
)
from frugalseg.inference.predictor import Band

PREDS = np.array([[0, 1, 1], [0, 0, 0], [2, 0, 0]], np.uint8)
PROBS = np.stack([np.full((3, 3), 0.25), np.full((3, 3), 0.5), np.full((3, 3), 0.25)])
IMAGE = np.full((3, 3, 1), 100, np.uint8)


def bands() -> Iterator[Band]:
    for rows in (slice(0, 2), slice(2, 3)):
        yield PREDS[rows], PROBS[:, rows].astype(np.float32)


def test_all_files_of_an_image(tmp_path: Path) -> None:
    base = tmp_path / "below" / "a.b"
    found = write_outputs(base, IMAGE, bands(), ["pit", "crack"], probs=True)
    assert found[["class", "area", "y", "x"]].to_numpy().tolist() == [
        ["pit", 2, 0, 1],
        ["crack", 1, 2, 0],
    ]
    assert found["probability"].tolist() == [0.5, 0.25]
    files = sorted(path.name for path in base.parent.iterdir())
    assert files == ["a.b.colors.png", "a.b.mask.png", "a.b.overlay.png", "a.b.probs.npy"]
    mask, colors, _, probs = output_files(base, probs=True)
    assert np.array_equal(np.asarray(Image.open(mask)), PREDS)
    assert Image.open(colors).convert("RGB").getpixel((1, 0)) == PALETTE[0]
    assert np.array_equal(np.load(probs), np.moveaxis(PROBS, 0, -1).astype(np.float16))


def test_a_failure_in_the_middle_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    def broken() -> Iterator[Band]:
        yield next(bands())
        raise OSError("gone")

    old = output_files(tmp_path / "a", probs=False)[0]
    old.write_bytes(b"old")
    with pytest.raises(OSError, match="gone"):
        write_outputs(tmp_path / "a", IMAGE, broken(), ["pit", "crack"], probs=False)
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_bytes() == b"old"


def test_probabilities_of_before_do_not_stay_beside_new_masks(tmp_path: Path) -> None:
    for probs in (True, False):
        write_outputs(tmp_path / "a", IMAGE, bands(), ["pit", "crack"], probs=probs)
        assert (tmp_path / "a.probs.npy").exists() == probs


def test_an_overlay_by_hand() -> None:
    painted = overlaid(IMAGE, PREDS, class_colors(2))
    assert painted[0, 0].tolist() == [100, 100, 100]
    # 0.45 x 100 + 0.55 x (230, 159, 0)
    assert painted[0, 1].tolist() == [172, 132, 45]
    assert len(class_colors(9)) == 10
