"""Cityscapes: ids of the data set and of other tools' lists, splits, images without a mask."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

CITY = "aachen/aachen_000000_000019"
IDS = np.array([[0, 7, 33], [1, 29, 255]], np.uint8)


def write(root: Path, *names: str, ids: np.ndarray = IDS) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        pixels = ids if "labelIds" in name else np.zeros((2, 3), np.uint8)
        Image.fromarray(pixels).save(root / name)


def test_ids_of_the_data_set(tmp_path: Path) -> None:
    write(
        tmp_path,
        f"leftImg8bit/train/{CITY}_leftImg8bit.png",
        f"gtFine/train/{CITY}_gtFine_labelIds.png",
        f"gtFine/train/{CITY}_gtFine_color.png",
        "leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png",
    )
    name, export = read_export(tmp_path)
    assert (name, len(export.classes)) == ("cityscapes", 19)
    assert (export.classes[0], export.classes[18]) == ("road", "bicycle")
    assert export.colors["bicycle"] == (119, 11, 32)
    unlabeled, labeled = export.images
    assert (unlabeled.split, unlabeled.regions, labeled.split) == ("test", None, "train")
    # unlabeled, road, bicycle; ego vehicle, caravan and license plate are not scored
    assert paint(labeled, export.classes).tolist() == [[255, 1, 19], [255, 255, 255]]


@pytest.mark.parametrize("first", ["0 0 0 background\n", ""])
def test_ids_of_a_list(tmp_path: Path, first: str) -> None:
    """As Datumaro writes them: ids are lines; background comes first, though it may be left out."""
    write(tmp_path, "imgsFine/leftImg8bit/val/a_leftImg8bit.png")
    write(tmp_path, "gtFine/val/a_gtFine_labelIds.png", ids=np.array([[0, 1, 2], [2, 1, 0]], "u1"))
    (tmp_path / "label_colors.txt").write_text(f"{first}9 9 9 pit\n8 8 8 crack")
    name, export = read_export(tmp_path)
    assert (name, export.classes) == ("cityscapes", ("pit", "crack"))
    assert paint(export.images[0], export.classes).tolist() == [[0, 1, 2], [2, 1, 0]]
    assert export.images[0].split == "val"


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (np.array([[40, 7, 7], [7, 7, 7]], np.uint8), r"ids without a class: \[40\]"),
        (np.zeros((2, 2), np.uint8), "2 x 2 pixels, its image has 2 x 3"),
        (np.zeros((2, 3, 3), np.uint8), "expected ids of classes in 8 bits"),
    ],
)
def test_masks_of_other_values_are_told(tmp_path: Path, ids: np.ndarray, message: str) -> None:
    write(tmp_path, f"leftImg8bit/train/{CITY}_leftImg8bit.png")
    write(tmp_path, f"gtFine/train/{CITY}_gtFine_labelIds.png", ids=ids)
    export = read_export(tmp_path)[1]
    with pytest.raises(FrugalsegError, match=f"labelIds.png: {message}"):
        paint(export.images[0], export.classes)


def test_names_that_do_not_pair_are_told(tmp_path: Path) -> None:
    write(tmp_path, f"gtFine/train/{CITY}_gtFine_labelIds.png")
    with pytest.raises(FrugalsegError, match="no image aachen_000000_000019_leftImg8bit"):
        read_export(tmp_path)
    write(tmp_path, f"gtCoarse/train/{CITY}_gtCoarse_labelIds.png")
    with pytest.raises(FrugalsegError, match="are of one name. Keep one"):
        read_export(tmp_path)
