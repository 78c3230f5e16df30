"""Aluminum: colors are classes, and a color that is not in the map is an error."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.aluminum import COLORS, Aluminum
from frugalseg.settings.mask import MaskParams


def draw(root: Path, part: str, colors: list[tuple[int, int, int]]) -> None:
    pixels = np.array([colors], np.uint8)
    for kind, suffix in (("images", "jpg"), ("masks", "png")):
        (root / part / kind).mkdir(parents=True)
        Image.fromarray(pixels).save(root / part / kind / f"1.{suffix}")


def test_colors_are_classes(tmp_path: Path) -> None:
    draw(tmp_path, "", [(0, 0, 0), *COLORS.values()])
    reader = Aluminum()
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    rule = fit(reader.mask, classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, item), [[0, 1, 2, 3, 4, 5, 6]])


def test_last_two_colors_may_be_exchanged(tmp_path: Path) -> None:
    draw(tmp_path, "", [(0, 255, 255), (255, 0, 255)])
    reader = Aluminum()
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    other = COLORS | {tuple(COLORS)[4]: (255, 0, 255), tuple(COLORS)[5]: (0, 255, 255)}
    rule = fit(MaskParams(colors=other), classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, item), [[6, 5]])


def test_unknown_color_names_file_color_and_count(tmp_path: Path) -> None:
    draw(tmp_path, "", [(0, 0, 0), (200, 0, 0), (200, 0, 0)])
    reader = Aluminum()
    item = reader.items(tmp_path)[0]
    rule = fit(reader.mask, classes=reader.classes)
    with pytest.raises(
        FrugalsegError, match=r"masks/1\.png: .*\(200, 0, 0\) \(66\.7% of the pixels\)"
    ):
        apply(rule, np.asarray(reader.load(item).mask), item)


def test_parts(tmp_path: Path) -> None:
    for part in ("train", "valid", "test"):
        draw(tmp_path, part, [(0, 0, 0)])
    assert [item.split for item in Aluminum().items(tmp_path)] == ["train", "val", "test"]


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "Aluminum-Surface-Defect-mini_test.zip") as file:
        file.extractall(tmp_path)
    reader = Aluminum()
    items = reader.items(tmp_path)
    assert len(items) == 10
    assert {item.split for item in items} == {None}
    rule = fit(reader.mask, classes=reader.classes)
    masks = {}
    for item in items:
        if item.image.stem in {"132", "339", "26"}:
            sample = reader.load(item)
            assert sample.image.shape == (2048, 2560, 3)
            masks[item.image.stem] = apply(rule, np.asarray(sample.mask), item)
    assert all(0 < mask.max() <= 6 for mask in masks.values())
    different = np.mean(masks["132"] != masks["339"])  # one photo, drawn twice
    assert 0 < different < 0.05


def test_rims_of_other_classes_are_one_pixel_wide(tmp_path: Path, real_data: Path) -> None:
    """They make up a class of an image by name; nothing of it is left three pixels wide."""
    with zipfile.ZipFile(real_data / "Aluminum-Surface-Defect-mini_test.zip") as file:
        file.extractall(tmp_path)
    reader = Aluminum()
    [item] = [item for item in reader.items(tmp_path) if item.image.stem == "26"]
    rule = fit(reader.mask, classes=reader.classes)
    mask = apply(rule, np.asarray(reader.load(item).mask), item)
    square = np.ones((3, 3), bool)
    left = {k: int(ndimage.binary_erosion(mask == k, square).sum()) for k in range(1, 6)}
    assert {k for k, area in left.items() if area} == {5}
    assert all((mask == k).any() for k in range(1, 5))
