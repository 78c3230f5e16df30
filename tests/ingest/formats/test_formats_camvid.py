"""CamVid: both ways to lay out images and masks, splits, and colors."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

# lines of the data set's own list (Brostow et al.)
COLORS = "64 128 64\tAnimal\n128 64 128\tRoad\n0 0 0\t\tVoid\n"


def write(root: Path, *names: str, colors: str = COLORS) -> None:
    (root / "label_colors.txt").write_text(colors)
    mask = np.array([[(0, 0, 0), (64, 128, 64), (128, 64, 128)]], np.uint8)
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        is_mask = "_L." in name or "annot" in name
        Image.fromarray(mask if is_mask else np.zeros((1, 3), np.uint8)).save(root / name)


def test_the_layout_of_the_data_set(tmp_path: Path) -> None:
    write(tmp_path, "701_StillsRaw_full/a.png", "701_StillsRaw_full/b.png", "Labels/a_L.png")
    name, export = read_export(tmp_path)
    assert (name, export.classes) == ("camvid", ("Animal", "Road"))
    assert export.colors["Road"] == (128, 64, 128)
    labeled, unlabeled = export.images
    assert (labeled.image.name, unlabeled.image.name) == ("a.png", "b.png")
    assert unlabeled.regions is None
    assert paint(labeled, export.classes).tolist() == [[255, 1, 2]]


def test_the_layout_of_other_tools(tmp_path: Path) -> None:
    """Folders as Datumaro writes them: `train/` and `trainannot/`, with the same names."""
    write(tmp_path, "train/x/a_L.png", "trainannot/x/a_L.png", "test/a.png", "testannot/a.png")
    export = read_export(tmp_path)[1]
    assert [(one.image.parent.name, one.split) for one in export.images] == [
        ("test", "test"),
        ("x", "train"),
    ]
    assert paint(export.images[0], export.classes).tolist() == [[255, 1, 2]]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a_L.png")
    with pytest.raises(FrugalsegError, match=r"a_L\.png: expected one image of this mask, found 0"):
        read_export(tmp_path)
    write(tmp_path, "x/a.png", "y/a.png")
    with pytest.raises(FrugalsegError, match=r"a_L\.png: expected one image of this mask, found 2"):
        read_export(tmp_path)
    (tmp_path / "y/a.png").unlink()
    write(tmp_path, "y/a_L.png")
    with pytest.raises(FrugalsegError, match="several masks of one image"):
        read_export(tmp_path)
    (tmp_path / "y/label_colors.txt").write_text(COLORS)
    with pytest.raises(FrugalsegError, match=r"2 files label_colors\.txt"):
        read_export(tmp_path)
