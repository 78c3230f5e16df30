import zipfile
from pathlib import Path
from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.stages import download

NOTHING: dict[str, Any] = {"scene": {}, "sha256": None, "md5": None, "fingerprint": ""}


def test_a_scene_is_drawn_the_same_every_time(tmp_path: Path) -> None:
    scene = {"images": 4, "test": 2, "size": [32, 32]}
    for name in ("a.zip", "b.zip"):
        settings = NOTHING | {"scene": scene}
        download.run(tmp_path / name, source="builtin:defects", search=[], **settings)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert len(zipfile.ZipFile(tmp_path / "a.zip").namelist()) == 12


def test_an_unknown_scene_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="Known: defects"):
        download.run(tmp_path / "a.zip", source="builtin:cats", search=[], **NOTHING)
    assert not list(tmp_path.iterdir())


def test_a_wrong_checksum_leaves_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("images/a.png", b"x")
    (tmp_path / "raw").mkdir()
    wrong = NOTHING | {"sha256": "0" * 64}
    with pytest.raises(FrugalsegError, match="0000"):
        download.run(tmp_path / "raw/a.zip", source="file:mine.zip", search=[tmp_path], **wrong)
    assert not list((tmp_path / "raw").iterdir())
