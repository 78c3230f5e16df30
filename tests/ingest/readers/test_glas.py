"""GlaS: glands are numbered, grades come from an odd table, names have spaces and parentheses."""

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.glas import Glas, read_grades

HEADER = "name,patient ID, grade (GlaS), grade (Sirinukunwattana et al. 2015)"
TABLE = f"{HEADER}\rtrain_1,7, benign, healthy\rtestA_1,8, malignant, poor\r"


def draw(root: Path, *stems: str, table: str = TABLE) -> Path:
    home = root / "Warwick QU Dataset (Released 2016_07_08)"
    home.mkdir(exist_ok=True)
    for stem in stems:
        Image.new("RGB", (3, 2)).save(home / f"{stem}.bmp")
        Image.fromarray(np.array([[0, 1, 2]] * 2, np.uint8)).save(home / f"{stem}_anno.bmp")
    (home / "Grade.csv").write_bytes(table.encode())
    return home


def test_splits_and_patients(tmp_path: Path) -> None:
    draw(tmp_path, "train_1", "testA_1")
    items = Glas().items(tmp_path)
    assert [(item.image_id, item.split, item.group, item.image_label) for item in items] == [
        ("testA_1", "test", "patient-8", None),
        ("train_1", "train", "patient-7", None),
    ]
    assert [item.group for item in Glas(group_by="image").items(tmp_path)] == [None, None]


def test_glands_are_above_zero(tmp_path: Path) -> None:
    draw(tmp_path, "train_1")
    reader = Glas()
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    np.testing.assert_array_equal(raw[0], [0, 1, 2])
    np.testing.assert_array_equal(apply(fit(reader.mask), raw, item)[0], [0, 1, 1])


def test_grades_as_classes(tmp_path: Path) -> None:
    draw(tmp_path, "train_1", "testA_1")
    reader = Glas(classes=("benign", "malignant"))
    item = reader.items(tmp_path)[0]
    assert item.image_label == (2,)
    raw = reader.load(item).mask
    assert raw is not None
    rule = fit(reader.mask, classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, item)[0], [0, 2, 2])


def test_grades_without_their_table(tmp_path: Path) -> None:
    (draw(tmp_path, "train_1") / "Grade.csv").unlink()
    assert [item.group for item in Glas().items(tmp_path)] == [None]
    with pytest.raises(FrugalsegError, match=r"no row in Grade\.csv: .*train_1\.bmp"):
        Glas(classes=("benign", "malignant")).items(tmp_path)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "expected the columns"),
        ("name,grade\rtrain_1,benign", "expected the columns"),
        (f"{HEADER}\rtrain_1,7", r"rows \[2\] lack fields"),
        (f"{HEADER}\r", r"no row in Grade\.csv"),
    ],
)
def test_table_that_does_not_fit(tmp_path: Path, table: str, message: str) -> None:
    draw(tmp_path, "train_1", table=table)
    with pytest.raises(FrugalsegError, match=message):
        Glas(classes=("benign", "malignant")).items(tmp_path)


def test_unknown_grade_is_refused(tmp_path: Path) -> None:
    draw(tmp_path, "train_1")
    with pytest.raises(FrugalsegError, match="its grade is 'benign'"):
        Glas(classes=("good", "bad")).items(tmp_path)


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "warwick_qu_dataset_released_2016_07_08.zip") as file:
        file.extractall(tmp_path)
    reader = Glas()
    items = reader.items(tmp_path)
    assert Counter(item.split for item in items) == {"train": 20, "test": 11}
    (table,) = tmp_path.rglob("Grade.csv")
    grades = read_grades(table)
    assert Counter(grade for _, grade in grades.values()) == {"benign": 74, "malignant": 91}
    assert {item.image_id for item in items} <= set(grades)
    assert all(item.group for item in items)
    highest = 0
    for item in items:
        sample = reader.load(item)
        assert sample.mask is not None
        assert sample.image.shape[2] == 3
        highest = max(highest, int(sample.mask.max()))
        np.testing.assert_array_equal(apply(fit(reader.mask), sample.mask, item), sample.mask > 0)
    assert highest == 30


def test_grades_have_no_spaces(tmp_path: Path) -> None:
    table = draw(tmp_path) / "Grade.csv"
    assert read_grades(table) == {"train_1": ("7", "benign"), "testA_1": ("8", "malignant")}
