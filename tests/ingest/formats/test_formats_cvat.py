"""CVAT for images: shapes, their order, labels, subsets, and what is not taken for a mask."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.recognize import read_export
from frugalseg.ingest.formats.write import paint

META = """<meta><task><labels>
<label><name>pit</name><color>#0c81b5</color></label>
<label><name>crack</name></label>
<label><name>unused</name><color>#ff0000</color></label>
</labels></task></meta>"""
SQUARE = '<polygon label="pit" points="1.0,1;4,1;4,3;1,3" z_order="{}"/>'
RUNS = '<mask label="crack" rle="1, 2, 1, 2" left="2" top="1" width="3" height="2" z_order="{}"/>'


def write(root: Path, shapes: str, attributes: str = "", name: str = "a.png") -> None:
    (root / "images").mkdir(exist_ok=True)
    Image.fromarray(np.zeros((6, 8), np.uint8)).save(root / "images/a.png")
    image = f'<image id="0" name="{name}" width="8" height="6" {attributes}>{shapes}</image>'
    (root / "annotations.xml").write_text(f"<annotations>{META}{image}</annotations>")


def read_mask(root: Path) -> np.ndarray:
    export = read_export(root)[1]
    return paint(export.images[0], export.classes)


def test_classes_are_the_labels_used_in_the_order_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, RUNS.format(0) + SQUARE.format(0) + '<tag label="unused"/>', 'subset="Test"')
    name, export = read_export(tmp_path)
    assert (name, export.classes) == ("cvat", ("pit", "crack"))
    assert export.colors["pit"] == (0x0C, 0x81, 0xB5)
    (one,) = export.images
    assert (one.image, one.size, one.split) == (tmp_path / "images/a.png", (6, 8), "test")


@pytest.mark.parametrize(("square", "runs"), [(0, 1), (1, 0)])
def test_shapes_lie_in_their_order_of_depth(tmp_path: Path, square: int, runs: int) -> None:
    write(tmp_path, SQUARE.format(square) + RUNS.format(runs))
    expected = np.zeros((6, 8), np.uint8)
    expected[1:3, 1:4] = 1
    # rows 011 and 011 of the box at row 1, column 2
    crack = np.zeros((6, 8), bool)
    crack[1:3, 3:5] = True
    expected[crack if runs else crack & (expected == 0)] = 2
    assert np.array_equal(read_mask(tmp_path), expected)


def test_the_mask_of_the_manual(tmp_path: Path) -> None:
    """The example of docs.cvat.ai, "XML annotation format" (MIT license): a disk of 13 x 15."""
    rle = (
        "3, 5, 7, 7, 5, 9, 3, 11, 2, 11, 2, 12, 1, 12, 1, 26, 1, 12, 1, 12, 2, 11, 3, 9, 5, 7, 7, "
        "5, 3"
    )
    write(tmp_path, f'<mask label="pit" rle="{rle}" left="1" top="2" width="13" height="15"/>')
    xml = (tmp_path / "annotations.xml").read_text()
    Image.fromarray(np.zeros((20, 16), np.uint8)).save(tmp_path / "images/a.png")
    size = 'width="16" height="20"'
    (tmp_path / "annotations.xml").write_text(xml.replace('width="8" height="6"', size))
    mask = read_mask(tmp_path)
    assert mask[2:17, 1:14].sum() == mask.sum()
    assert mask.sum(axis=1)[2:17].tolist() == [5, 7, 9, 11, 11, 12, 12, 13, 13, 12, 12, 11, 9, 7, 5]
    assert mask[2, 1:14].tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]


def test_an_ellipse(tmp_path: Path) -> None:
    write(tmp_path, '<ellipse label="pit" cx="4" cy="3" rx="1" ry="3" rotation="90"/>')
    expected = np.zeros((6, 8), np.uint8)
    expected[2:4, 1:7] = 1
    assert np.array_equal(read_mask(tmp_path), expected)


def test_an_image_without_shapes_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path, "")
    assert read_export(tmp_path)[1].images[0].regions == []


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ('<box label="pit" xtl="0" ytl="2" xbr="4" ybr="4"/>', "a.png: a box of pit has no outl"),
        ('<polyline label="pit" points="1,2;3,4"/>', "a polyline of pit has no outline"),
        ('<points label="pit" points="1,2;3,4"/>', "a points of pit has no outline"),
        ('<skeleton label="pit"><points label="1" points="1,1"/></skeleton>', "a skeleton of pit"),
        ('<polygon label="" points="1,2;3,4;5,6"/>', "a polygon without a label"),
        ('<polygon label="pit" points="1,2;3,4"/>', "at least 3 corners"),
        ('<polygon label="pit" points="1;2;3;4;5;6"/>', "at least 3 corners"),
        ('<polygon label="pit" points="1,2;3,x;4,4"/>', "expected corners"),
        ('<polygon label="pit"/>', "KeyError: 'points'"),
        ('<ellipse label="pit" cx="4" cy="3" rx="0" ry="3"/>', "two radii above 0"),
        ('<mask label="pit" rle="a" left="0" top="0" width="1" height="1"/>', "ValueError"),
        ('<mask label="pit" rle="0,2" left="0" top="0" width="1" height="1"/>', "run lengths"),
        ('<mask label="pit" rle="0,4" left="7" top="0" width="2" height="2"/>', "leaves the image"),
        ('<mask label="pit" rle="0,1" left="-1" top="0" width="1" height="1"/>', "leaves the imag"),
        (SQUARE.replace("{}", "high"), "ValueError"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, shapes: str, message: str) -> None:
    write(tmp_path, shapes)
    with pytest.raises(FrugalsegError) as error:
        read_mask(tmp_path)
    assert message in str(error.value)
    assert str(tmp_path / "annotations.xml") in str(error.value)


def test_videos_and_missing_images_are_told(tmp_path: Path) -> None:
    write(tmp_path, "", name="../../etc/b.png")
    with pytest.raises(FrugalsegError, match="expected one image called '../../etc/b.png'"):
        read_export(tmp_path)
    (tmp_path / "annotations.xml").write_text("<annotations><track id='0'/></annotations>")
    with pytest.raises(FrugalsegError, match="tracks of a video. Export 'CVAT for images 1.1'"):
        read_export(tmp_path)
