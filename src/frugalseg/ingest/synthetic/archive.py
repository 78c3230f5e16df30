"""Write a scene as a zip archive, laid out like a user's own folder of images."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.files import replacing
from frugalseg.core.registry import lookup
from frugalseg.ingest.synthetic import SCENES
from frugalseg.ingest.synthetic.scene import Part, Picture

FOLDERS: dict[Part, str] = {"train": "", "test": "test/", "unlabeled": "unlabeled/"}


def write_archive(scene: str, options: Mapping[str, object], archive: Path) -> None:
    """Draw `scene` and write it to `archive`, whole or not at all.

    The layout is `images/` + `masks/` (paired by stem), `test/images/` + `test/masks/` and, if the
    options ask for it, `unlabeled/`, all of them PNG files; a scene with groups has a `groups.csv`.
    The same options give the same bytes.

    Raises:
        FrugalsegError: naming an unknown scene or every bad option, what was found and expected.
    """
    pictures = lookup(SCENES, scene, "scene of the built-in data")(options)
    with replacing(archive) as partial, zipfile.ZipFile(partial, "w") as target:
        for name, content in _files(pictures):
            entry = zipfile.ZipInfo(name)  # dated 1980
            entry.create_system = 3  # Unix on every system, so that the bytes are the same
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)


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
