"""Pascal VOC: colors of classes, lists of splits, images without a mask."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats import voc
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

NUMBERS = np.array([[0, 1, 2], [2, 2, 255]], np.uint8)


def write(root: Path, *images: str) -> Path:
    home = root / "VOC2012"
    for folder in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    for name in images:
        Image.fromarray(np.zeros((2, 3), np.uint8)).save(home / f"JPEGImages/{name}.jpg")
    return home


def test_the_colors_of_the_data_set() -> None:
    # from the development kit: class 15, person, is (192, 128, 128)
    assert voc.color_map(16)[15] == (192, 128, 128)
    assert voc.color_map(256)[255] == voc.VOID


@pytest.mark.parametrize("mode", ["palette", "color"])
def test_masks_of_the_data_set(tmp_path: Path, mode: str) -> None:
    home = write(tmp_path, "a", "b")
    picture = Image.fromarray(NUMBERS, "P")
    picture.putpalette([value for color in voc.color_map(256) for value in color])
    picture = picture if mode == "palette" else picture.convert("RGB")
    picture.save(home / "SegmentationClass/a.png")
    (home / "ImageSets/Segmentation/val.txt").write_text("a\n")
    export = read_export(tmp_path, "voc")[1]
    assert export.classes == voc.NAMES[1:]
    labeled, unlabeled = export.images
    assert (labeled.split, unlabeled.split, unlabeled.regions) == ("val", None, None)
    assert np.array_equal(paint(labeled, export.classes), NUMBERS)
    assert export.colors["person"] == (192, 128, 128)


def test_a_label_map_names_the_colors(tmp_path: Path) -> None:
    home = write(tmp_path, "a")
    (home / "labelmap.txt").write_text(
        "# label:color_rgb:parts:actions\nbackground:0,0,0::\npit:250,50,83::\ncrack:10,10,10::\n"
    )
    colors = np.array([(0, 0, 0), (250, 50, 83), (10, 10, 10)], np.uint8)
    Image.fromarray(colors[[[0, 1, 2], [2, 2, 1]]]).save(home / "SegmentationClass/a.png")
    export = read_export(tmp_path, "voc")[1]
    assert export.classes == ("pit", "crack")
    assert paint(export.images[0], export.classes).tolist() == [[0, 1, 2], [2, 2, 1]]
    (home / "labelmap.txt").write_text("pit:250,50,83::\n")
    with pytest.raises(FrugalsegError, match=r"colors without a class: \(10, 10, 10\)"):
        paint(read_export(tmp_path, "voc")[1].images[0], ("pit",))
    (home / "labelmap.txt").write_text("pit:250,50,83::\ncrack:250,50,83::\n")
    with pytest.raises(FrugalsegError, match=r"a\.png: two classes of one color"):
        read_export(tmp_path, "voc")
    (home / "labelmap.txt").write_text("pit\n")
    with pytest.raises(FrugalsegError, match=r"labelmap\.txt, line 1: expected name:red"):
        read_export(tmp_path, "voc")[1]


def test_a_mask_without_an_image_is_told(tmp_path: Path) -> None:
    home = write(tmp_path)
    Image.fromarray(NUMBERS).save(home / "SegmentationClass/a.png")
    with pytest.raises(FrugalsegError, match=r"a\.png: no image of its name"):
        read_export(tmp_path, "voc")[1]


def test_two_sets_are_told(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "other"):
        Image.fromarray(NUMBERS).save(write(root, "a") / "SegmentationClass/a.png")
    with pytest.raises(FrugalsegError, match="2 folders SegmentationClass"):
        read_export(tmp_path, "voc")[1]
