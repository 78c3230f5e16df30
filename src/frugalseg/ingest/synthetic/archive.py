"""Write a scene as the zip archive that a user with a folder of images would hand in."""

import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.registry import lookup
from frugalseg.ingest.synthetic import SCENES
from frugalseg.ingest.synthetic.picture import Part, Picture

FOLDERS: dict[Part, str] = {"train": "", "test": "test/", "unlabeled": "unlabeled/"}
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip entry can bear: the same options give the same bytes on any day."""


def write_archive(scene: str, options: Mapping[str, object], archive: Path) -> None:
    """Draw `scene` and write it to `archive`, whole or not at all.

    The layout is `images/` + `masks/` (paired by stem), `test/images/` + `test/masks/` and, where
    asked for, `unlabeled/`, all of them PNG files; a scene with groups has a `groups.csv`.

    Raises:
        FrugalsegError: naming an unknown scene or every bad option, what was found and expected.
    """
    pictures = lookup(SCENES, scene, "scene of the built-in data")(options)
    unfinished = archive.with_name(archive.name + ".part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as target:
            for name, content in _files(pictures):
                target.writestr(_entry(name), content)
        os.replace(unfinished, archive)
    finally:
        unfinished.unlink(missing_ok=True)


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return uint8 pixels, H x W or H x W x 3, as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()


def _files(pictures: Iterator[Picture]) -> Iterator[tuple[str, bytes]]:
    groups = []
    for picture in pictures:
        folder, stem = FOLDERS[picture.part], f"{picture.part}-{picture.number:05d}"
        if picture.part == "unlabeled":
            yield f"{folder}{stem}.png", encode_png(picture.image)
        else:
            yield f"{folder}images/{stem}.png", encode_png(picture.image)
            yield f"{folder}masks/{stem}.png", encode_png(picture.mask)
        if picture.group is not None:
            groups.append(f"{stem},{picture.group}\n")
    if groups:
        yield "groups.csv", "".join(["image,group\n", *groups]).encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=EPOCH)
    entry.create_system = 3  # Unix on every system, or the bytes would differ
    entry.external_attr = 0o644 << 16
    return entry
