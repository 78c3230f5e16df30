"""Magnetic tiles: the folder is the class, the mask is anti-aliased, sizes vary."""

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.magnetic_tile import MagneticTile


def draw(root: Path, *names: str, level: int = 200) -> None:
    for name in names:
        folder = root / f"MT_{name}" / "Imgs"
        folder.mkdir(parents=True)
        Image.new("L", (4, 3), 90).save(folder / "exp1_num_1.jpg")
        Image.new("L", (4, 3), 0 if name == "Free" else level).save(folder / "exp1_num_1.png")


def test_folder_is_the_class(tmp_path: Path) -> None:
    draw(tmp_path / "top", "Blowhole", "Crack", "Free")
    reader = MagneticTile()
    items = reader.items(tmp_path)
    assert [(item.image_id, item.image_label) for item in items] == [
        ("MT_Blowhole/exp1_num_1", (1,)),
        ("MT_Crack/exp1_num_1", (3,)),
        ("MT_Free/exp1_num_1", ()),
    ]
    rule = fit(reader.mask, classes=reader.classes)
    painted = [apply(rule, np.asarray(reader.load(item).mask), item) for item in items]
    assert [set(np.unique(mask)) for mask in painted] == [{1}, {3}, {0}]


def test_one_class_for_all_defects(tmp_path: Path) -> None:
    draw(tmp_path, "Fray", "Free")
    items = MagneticTile(classes=("defect",)).items(tmp_path)
    assert [item.image_label for item in items] == [(1,), ()]


def test_unknown_class_is_refused(tmp_path: Path) -> None:
    draw(tmp_path, "Fray")
    with pytest.raises(FrugalsegError, match="the class fray is not among a, b"):
        MagneticTile(classes=("a", "b")).items(tmp_path)


def test_missing_mask_is_told(tmp_path: Path) -> None:
    draw(tmp_path, "Fray", "Free")
    (tmp_path / "MT_Fray/Imgs/exp1_num_1.png").unlink()
    with pytest.raises(FrugalsegError, match=r"image without a mask: .*MT_Fray"):
        MagneticTile().items(tmp_path)


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "Magnetic-tile-defect-datasets.zip") as file:
        file.extractall(tmp_path)
    reader = MagneticTile()
    items = reader.items(tmp_path)
    assert Counter(item.image_label for item in items) == {
        (): 90,
        (1,): 40,
        (2,): 29,
        (3,): 19,
        (4,): 11,
        (5,): 36,
    }
    rule = fit(reader.mask, classes=reader.classes)
    sizes, empty = set(), Counter[str]()
    for item in items:
        raw = np.asarray(reader.load(item).mask)
        mask = apply(rule, raw, item)
        np.testing.assert_array_equal(mask > 0, raw > 127)
        assert set(np.unique(mask)) <= {0, *(item.image_label or ())}
        sizes.add(raw.shape)
        empty[item.image_id.split("/")[0]] += not mask.any()
    assert len(sizes) == 220
    assert {name for name, count in empty.items() if count} == {"MT_Free"}
    assert empty["MT_Free"] == 90
