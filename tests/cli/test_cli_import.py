"""`frugalseg import`: a folder or an archive in, a data set out."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.cli import __main__ as program
from frugalseg.ingest.readers.folder import Folder

SQUARE = {"label": "pit", "points": [[1, 1], [4, 1], [4, 3], [1, 3]], "shape_type": "polygon"}


def run(*arguments: object) -> int:
    return program.main(["import", *map(str, arguments)])


def export(root: Path, *shapes: object) -> Path:
    root.mkdir()
    Image.fromarray(np.zeros((6, 8), np.uint8)).save(root / "a.png")
    content = {"shapes": shapes, "imagePath": "a.png", "imageHeight": 6, "imageWidth": 8}
    (root / "a.json").write_text(json.dumps(content))
    return root


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_an_export_becomes_a_data_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    source = export(tmp_path / "in", SQUARE)
    if kind == "archive":
        source = Path(shutil.make_archive(str(tmp_path / "in"), "zip", source))
    assert run(source, "--out", tmp_path / "out") == 0
    told = capsys.readouterr().out
    assert f"1 image of labelme in {tmp_path / 'out'}" in told
    assert 'classes: ["pit"]' in told
    assert "holding nothing" not in told
    (item,) = Folder().items(tmp_path / "out")
    mask = Folder().load(item).mask
    assert mask is not None
    assert (mask == 1).sum() == 6
    assert run(source, "--out", tmp_path / "out") == 2
    assert "is not an empty folder" in capsys.readouterr().err


def test_mistakes_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = export(tmp_path / "in")
    assert run(source, "--out", tmp_path / "out") == 2
    assert "expected 1 to 254 classes, found 0" in capsys.readouterr().err
    (source / "a.json").write_text("{")
    archive = shutil.make_archive(str(tmp_path / "in"), "zip", source)
    assert run(archive, "--out", tmp_path / "out") == 2
    assert f"{archive}/a.json: cannot be read as JSON" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert run(source, "--out", tmp_path / "file") == 2
    assert "is not an empty folder" in capsys.readouterr().err
    (source / "a.json").unlink()
    assert run(source, "--format", "coco", "--out", tmp_path / "out") == 2
    assert "annotations of one of coco, found none" in capsys.readouterr().err
