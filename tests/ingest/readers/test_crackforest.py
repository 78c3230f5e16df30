"""CrackForest: `Segmentation == 2` is crack, other regions and outlines are not."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.crackforest import CrackForest

REGIONS = np.array([[1, 2, 3], [4, 2, 1]], np.uint8)


def draw(root: Path, stem: str) -> None:
    for folder in ("image", "groundTruth"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (3, 2)).save(root / "image" / f"{stem}.jpg")
    truth = {"Segmentation": REGIONS, "Boundaries": REGIONS > 2}
    savemat(root / "groundTruth" / f"{stem}.mat", {"groundTruth": truth})


def test_value_2_is_crack(tmp_path: Path) -> None:
    draw(tmp_path / "CrackForest-dataset", "001")
    reader = CrackForest()
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    np.testing.assert_array_equal(raw, REGIONS)
    rule = fit(reader.mask, classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, item), [[0, 1, 0], [0, 1, 0]])


def test_missing_truth_is_told(tmp_path: Path) -> None:
    draw(tmp_path, "001")
    (tmp_path / "groundTruth" / "001.mat").rename(tmp_path / "groundTruth" / "002.mat")
    with pytest.raises(FrugalsegError, match=r"(?s)001\.jpg.*002\.mat"):
        CrackForest().items(tmp_path)


def test_archive_agrees_with_the_crack_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "CrackForest-dataset.zip") as file:
        file.extractall(tmp_path)
    reader = CrackForest()
    items = reader.items(tmp_path)
    assert len(items) == 76
    rule = fit(reader.mask, classes=reader.classes)
    for item in items[:20]:
        sample = reader.load(item)
        assert sample.mask is not None
        assert sample.image.shape == (320, 480, 3)
        assert 0.001 < apply(rule, sample.mask, item).mean() < 0.2, item.image_id
