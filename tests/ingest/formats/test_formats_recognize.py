"""The format of an export is told by its files."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats import FORMATS
from frugalseg.ingest.formats.recognize import read_export

LABELME = {"shapes": [], "imagePath": "a.png", "imageHeight": 2, "imageWidth": 2}
COCO: dict[str, list[object]] = {"images": [], "annotations": [], "categories": []}


def write(root: Path, name: str, content: object) -> None:
    Image.fromarray(np.zeros((2, 2), np.uint8)).save(root / "a.png")
    (root / name).write_text(json.dumps(content))


def test_the_one_that_fits_reads_it(tmp_path: Path) -> None:
    write(tmp_path, "a.json", LABELME)
    name, export = read_export(tmp_path)
    assert (name, len(export.images)) == ("labelme", 1)


def test_none_or_several_are_told_and_a_name_decides(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=f"one of {', '.join(FORMATS)}, found none"):
        read_export(tmp_path)
    write(tmp_path, "a.json", LABELME)
    write(tmp_path, "b.json", COCO)
    with pytest.raises(FrugalsegError, match="those of coco and labelme; say which with --format"):
        read_export(tmp_path)
    assert read_export(tmp_path, "labelme")[0] == "labelme"
    with pytest.raises(FrugalsegError, match="one of voc, found none"):
        read_export(tmp_path, "voc")


def test_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="expected a folder or a zip archive, found none"):
        read_export(tmp_path / "gone")
