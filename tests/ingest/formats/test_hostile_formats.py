"""A spoiled export of any format is refused by the user's path, or imported whole."""

import warnings
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from export_makers import Export, make_exports, spoil
from PIL import Image

from frugalseg.cli import import_
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats import FORMATS
from frugalseg.ingest.readers.folder import Folder

ROUNDS = 40
EXPORTS = make_exports()


def write(export: Export, root: Path) -> Path:
    for name, data in export.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def run(source: Path, kind: str, out: Path) -> str:
    return import_.run(Namespace(source=source, format=kind, out=out))


def check_whole(out: Path) -> None:
    """Check that a folder is read, each mask having its image's size."""
    for item in Folder().items(out):
        if item.mask is not None:
            with Image.open(item.image) as image, Image.open(item.mask) as mask:
                assert image.size == mask.size


def test_every_format_has_an_export() -> None:
    assert EXPORTS.keys() == FORMATS.keys()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sound_export_is_imported(tmp_path: Path, kind: str) -> None:
    run(write(EXPORTS[kind], tmp_path / "in"), kind, tmp_path / "out")
    (mask,) = (tmp_path / "out/masks").iterdir()
    with Image.open(mask) as picture:
        assert np.asarray(picture)[1, 3] == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_a_spoiled_export_is_refused_or_imported_whole(tmp_path: Path, kind: str) -> None:
    rng = np.random.default_rng(list(FORMATS).index(kind))
    refused = 0
    for number in range(ROUNDS):
        source, out = tmp_path / f"{number}/in", tmp_path / f"{number}/out"
        write(spoil(EXPORTS[kind], rng), source)
        message = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                run(source, kind, out)
        except FrugalsegError as error:
            message = str(error)
        if message is None:
            check_whole(out)
            continue
        refused += 1
        assert str(source) in message
        assert len(message) < 3000
        assert [path.name for path in source.parent.iterdir()] == ["in"]
    assert 0 < refused < ROUNDS
