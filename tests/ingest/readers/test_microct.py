"""Micro-CT: tiny floats keep their contrast, numbers pair, neighboring slices are one group."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit, histogram
from frugalseg.ingest.readers.microct import MicroCT

SLICE = np.linspace(-4e-5, 7e-4, 64, dtype=np.float32).reshape(8, 8)


def draw(root: Path, *numbers: int, unlabeled: tuple[int, ...] = ()) -> Path:
    home = root / "data"
    for folder in ("labeled/Original_images", "labeled/Original_masks", "unlabeled", "splits"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    for n in numbers:
        Image.fromarray(SLICE).save(home / f"labeled/Original_images/image_v2_{n:02}.tif")
        mask = (SLICE > 3e-4).astype(np.float32)
        np.save(home / f"labeled/Original_masks/mask_{n:03}_inv.npy", mask)
    for n in unlabeled:
        Image.fromarray(SLICE).save(home / f"unlabeled/image_v2_{n:02}.tif")
    return home


def test_pairs_blocks_and_unlabeled(tmp_path: Path) -> None:
    draw(tmp_path, 0, 3, 4, 10, unlabeled=(5, 11))
    items = MicroCT(block=4).items(tmp_path)
    assert [(item.image_id, item.group, item.split) for item in items] == [
        ("image_v2_00", "block-0", None),
        ("image_v2_03", "block-0", None),
        ("image_v2_04", "block-1", None),
        ("image_v2_10", "block-2", None),
        ("unlabeled/image_v2_05", "block-1", "unlabeled"),
        ("unlabeled/image_v2_11", "block-2", "unlabeled"),
    ]
    assert [item.mask.name for item in items[:4] if item.mask] == [
        "mask_000_inv.npy",
        "mask_003_inv.npy",
        "mask_004_inv.npy",
        "mask_010_inv.npy",
    ]


def test_floats_keep_their_contrast(tmp_path: Path) -> None:
    draw(tmp_path, 0)
    reader = MicroCT(percentiles=(0, 100))
    sample = reader.load(reader.items(tmp_path)[0])
    np.testing.assert_array_equal(sample.image[..., 0].ravel(), np.rint(np.linspace(0, 255, 64)))


def test_painted_masks_pair_by_stem(tmp_path: Path) -> None:
    home = draw(tmp_path, 7)
    (home / "labeled/Painted").mkdir()
    painted = Image.fromarray((SLICE > 3e-4).astype(np.uint8) * 250)
    painted.save(home / "labeled/Painted/image_v2_07.png")
    reader = MicroCT(masks="Painted")
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    rule = fit(reader.mask, histogram(raw))
    np.testing.assert_array_equal(apply(rule, raw, item), SLICE > 3e-4)


def test_reference_split(tmp_path: Path) -> None:
    home = draw(tmp_path, 0, 1, 2)
    table = {"train": ["image_v2_02"], "val": ["image_v2_00"], "test": ["image_v2_01"]}
    (home / "splits/split.json").write_text(json.dumps(table))
    items = MicroCT(reference_split=True).items(tmp_path)
    assert [item.split for item in items] == ["val", "test", "train"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "expected JSON"),
        ('{"train": []}', "expected JSON with lists of slices"),
        ("[1]", "expected JSON"),
        ('{"train": 3, "val": [], "test": []}', "expected JSON"),
        ('{"train": ["image_v2_09"], "val": [], "test": []}', r"(?s)image_v2_00\.tif.*image_v2_09"),
    ],
)
def test_reference_split_that_does_not_fit(tmp_path: Path, content: str, message: str) -> None:
    (draw(tmp_path, 0) / "splits/split.json").write_text(content)
    with pytest.raises(FrugalsegError, match=message):
        MicroCT(reference_split=True).items(tmp_path)


def test_slice_without_a_number_is_told(tmp_path: Path) -> None:
    home = draw(tmp_path, 0)
    Image.fromarray(SLICE).save(home / "unlabeled/extra.tif")
    with pytest.raises(FrugalsegError, match=r"no slice number in its name: .*extra\.tif"):
        MicroCT().items(tmp_path)


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "microct_02456_project21.zip") as file:
        file.extractall(tmp_path)
    reader = MicroCT()
    items = reader.items(tmp_path)
    labeled = [item for item in items if item.mask is not None]
    assert (len(items), len(labeled)) == (15, 11)
    raws = [np.asarray(reader.load(item).mask) for item in labeled]
    rule = fit(reader.mask, sum((histogram(raw) for raw in raws), np.zeros(256, np.int64)))
    for item, raw in zip(labeled, raws, strict=True):
        np.testing.assert_array_equal(apply(rule, raw, item), raw == 1)
    for item in items[::5]:
        image = reader.load(item).image
        assert image.shape == (768, 768, 1)
        assert image.std() > 20
        assert len(np.unique(image)) > 200
    split = [item.split for item in MicroCT(reference_split=True).items(tmp_path)]
    assert {part: split.count(part) for part in ("train", "val", "test", "unlabeled")} == {
        "train": 7,
        "val": 2,
        "test": 2,
        "unlabeled": 4,
    }
