"""YOLO segmentation: layouts, splits, and boxes that are no masks."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

LINE = "1 0.125 0.25 0.5 0.25 0.5 0.75 0.125 0.75\n"
"""Of 8 x 4 pixels: columns 1 to 3, rows 1 and 2."""


def write(root: Path, files: dict[str, str], names: str = "[pit, crack]") -> None:
    (root / "data.yaml").write_text(f"train: train/images\nnames: {names}\n")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".png":
            Image.fromarray(np.zeros((4, 8), np.uint8)).save(path)
        else:
            path.write_text(text)


@pytest.mark.parametrize("folders", ["{0}/train", "train/{0}", "{0}/Train", "top/{0}/train"])
@pytest.mark.parametrize("names", ["[pit, crack]", "{1: crack, 0: pit}"])
def test_both_layouts(tmp_path: Path, folders: str, names: str) -> None:
    labels, images = folders.format("labels"), folders.format("images")
    write(tmp_path, {f"{labels}/a.txt": f"{LINE}\n", f"{images}/a.png": ""}, names)
    export = read_export(tmp_path, "yolo")[1]
    assert export.classes == ("pit", "crack")
    (one,) = export.images
    assert one.split == "train"
    expected = np.zeros((4, 8), np.uint8)
    expected[1:3, 1:4] = 2
    assert np.array_equal(paint(one, export.classes), expected)


def test_an_image_without_labels_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"labels/a.txt": LINE, "images/a.png": "", "images/b.png": "", "c.png": ""})
    images = read_export(tmp_path, "yolo")[1].images
    assert [(one.image.name, len(one.regions or ()), one.split) for one in images] == [
        ("a.png", 1, None),
        ("b.png", 0, None),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0.5 0.5 0.1 0.1", "line 1: is a box and no outline"),
        (f"{LINE}7 0 0 1 0 1 1", "line 2: expected the number of a class"),
        ("0 a b c d e f", "line 1: expected the number of a class"),
        ("0 12 25 50 25 50 75", "line 1: expected shares of width and height"),
        ("0 0.1 0.2 0.3", "expected corners of a polygon"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {"labels/a.txt": text, "images/a.png": ""})
    with pytest.raises(FrugalsegError) as error:
        read_export(tmp_path, "yolo")[1]
    assert message in str(error.value)


def test_text_in_another_encoding_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"labels/a.txt": LINE, "images/a.png": ""})
    (tmp_path / "labels/a.txt").write_text(LINE, "utf-16")
    with pytest.raises(FrugalsegError, match=r"a\.txt: expected text in UTF-8"):
        read_export(tmp_path, "yolo")


def test_names_are_needed_once(tmp_path: Path) -> None:
    write(tmp_path, {"labels/a.txt": LINE, "more/data.yml": "names: [a]"})
    with pytest.raises(FrugalsegError, match=r"expected one data\.yaml .* found 2"):
        read_export(tmp_path, "yolo")[1]
    write(tmp_path, {"more/data.yml": ""}, "nothing")
    with pytest.raises(FrugalsegError, match="names as a list or by number, found 'nothing'"):
        read_export(tmp_path, "yolo")[1]
