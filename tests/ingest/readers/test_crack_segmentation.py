"""The Kaggle crack set: source, photo and tag follow from the names."""

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit, histogram
from frugalseg.ingest.readers.crack_segmentation import CrackSegmentation, photo, source


def draw(root: Path, *names: str) -> None:
    for name in names:
        for kind in ("images", "masks"):
            path = root / name.replace("/", f"/{kind}/")
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (4, 6)).save(path)


@pytest.mark.parametrize(
    ("stem", "source_name", "photo_name"),
    [
        ("CFD_002", "CFD", None),
        ("CRACK500_20160222_080850_1281_721", "CRACK500", "CRACK500_20160222_080850"),
        ("cracktree200_6266", "cracktree200", None),
        ("DeepCrack_11231-3", "DeepCrack", "DeepCrack_11231"),
        ("DeepCrack_11111", "DeepCrack", None),
        ("Eugen_Muller_9360_99_556_518_594", "Eugen_Muller", "Eugen_Muller_9360"),
        ("forest_001", "forest", None),
        ("GAPS384_train_0541_1_641", "GAPS384", "GAPS384_train_0541"),
        (
            "noncrack_noncrack_concrete_wall_9_27.jpg",
            "noncrack",
            "noncrack_noncrack_concrete_wall_9",
        ),
        ("noncrack_noncrack_brick_wall_118", "noncrack", None),
        (
            "Rissbilder_for_Florian_9S6A2782_20_1_2_3",
            "Rissbilder_for_Florian",
            "Rissbilder_for_Florian_9S6A2782",
        ),
        ("Sylvie_Chambon_056", "Sylvie_Chambon", None),
        ("Volker_DSC01646_226_19_1273_1645", "Volker", "Volker_DSC01646"),
        ("holiday_001", None, None),
    ],
)
def test_names(stem: str, source_name: str | None, photo_name: str | None) -> None:
    assert (source(stem), photo(stem)) == (source_name, photo_name)


def test_tags_splits_and_groups(tmp_path: Path) -> None:
    draw(tmp_path, "train/CFD_1.jpg", "train/noncrack_wall_1.jpg")
    draw(
        tmp_path, "test/CRACK500_20160222_080850_1_361.jpg", "test/CRACK500_20160222_080850_1_1.jpg"
    )
    (tmp_path / "images").mkdir()  # the Kaggle archive holds all images once more
    items = CrackSegmentation().items(tmp_path)
    assert [(item.image_id, item.split, item.image_label, item.group) for item in items] == [
        ("train/CFD_1", "train", (1,), None),
        ("train/noncrack_wall_1", "train", (), None),
        ("test/CRACK500_20160222_080850_1_1", "test", (1,), "CRACK500_20160222_080850"),
        ("test/CRACK500_20160222_080850_1_361", "test", (1,), "CRACK500_20160222_080850"),
    ]
    by_source = CrackSegmentation(group_by="source").items(tmp_path)
    assert [item.group for item in by_source] == ["CFD", "noncrack", "CRACK500", "CRACK500"]


def test_unknown_source_is_told(tmp_path: Path) -> None:
    draw(tmp_path, "train/CFD_1.jpg", "test/holiday_1.jpg")
    with pytest.raises(FrugalsegError, match=r"no known source .*holiday_1\.jpg"):
        CrackSegmentation().items(tmp_path)


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip") as file:
        file.extractall(tmp_path)
    reader = CrackSegmentation()
    items = reader.items(tmp_path)
    assert Counter((item.split, bool(item.image_label)) for item in items) == {
        ("train", False): 56,
        ("train", True): 72,
        ("test", False): 14,
        ("test", True): 23,
    }


def test_areas_of_the_archive_are_those_above_127(tmp_path: Path, real_data: Path) -> None:
    """Above 0 lies up to three times the crack, for the masks are JPEG files."""
    with zipfile.ZipFile(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip") as file:
        file.extractall(tmp_path)
    reader = CrackSegmentation()
    items = reader.items(tmp_path)
    raws = [np.asarray(reader.load(item).mask) for item in items]
    rule = fit(reader.mask, sum(map(histogram, raws), np.zeros(256, np.int64)))
    for item, raw in zip(items, raws, strict=True):
        area = apply(rule, raw, item).sum()
        if item.image_label == ():
            assert area == 0, item.image_id
        else:
            assert area == pytest.approx((raw > 127).sum(), rel=0.05), item.image_id
            assert (raw > 0).sum() > 1.1 * area, item.image_id


def test_no_photo_is_on_both_sides_of_the_official_split(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip") as file:
        file.extractall(tmp_path)
    sides: dict[str, set[str | None]] = {}
    for item in CrackSegmentation().items(tmp_path):
        if item.group is not None:
            sides.setdefault(item.group, set()).add(item.split)
    assert len(sides) == 8
    assert all(len(parts) == 1 for parts in sides.values())
