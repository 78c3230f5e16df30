"""Write an export as a folder that the reader `folder` reads."""

import colorsys
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural
from frugalseg.ingest.formats.export import BACKGROUND, IGNORED, Annotated, Export
from frugalseg.ingest.images import read_image

MOST_CLASSES = IGNORE - 1
_GOLDEN = 0.618
_SHOWN = 20


def write_folder(export: Export, out: Path) -> None:
    """Copy the images and write a mask for each that is annotated, or write nothing.

    Masks are PNG files with a palette, whose values are 0 for the background, k for class k and 255
    for pixels to ignore. Official splits become `train/`, `val/` and `test/`; if there is one only,
    images lie in `images/`. Images without annotations go to `unlabeled/`.

    Raises:
        FrugalsegError: no annotated images, no classes or too many, two images of one name, or
            images that cannot be read as the export says, all of them listed.
        OSError: `out` cannot be written.
    """
    if all(one.regions is None for one in export.images):
        raise FrugalsegError("expected annotated images, found none.")
    if not 1 <= len(export.classes) <= MOST_CLASSES:
        raise FrugalsegError(
            f"expected 1 to {MOST_CLASSES} classes, found {len(export.classes)}. Are the images "
            "annotated?"
        )
    if unnamed := [name for name in export.classes if not name.strip() or not name.isprintable()]:
        raise FrugalsegError(f"expected names of classes, found {unnamed[:5]}.")
    places = _places(export)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".partial-") as folder:
        whole = Path(folder, out.name)
        problems = []
        for one, place in zip(export.images, places, strict=True):
            try:
                _write_image(one, whole / place, export)
            except FrugalsegError as error:
                own = "" if str(error).startswith(str(one.image)) else f"{one.image}: "
                problems.append(f"  {own}{error}")
        _refuse(problems)
        whole.replace(out)


def _refuse(problems: Sequence[str]) -> None:
    """Raise an error that lists the first problems, if there are any."""
    if problems:
        more = [f"  and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        lines = [f"{plural(len(problems), 'image')} cannot be imported:", *problems[:_SHOWN]]
        raise FrugalsegError("\n".join([*lines, *more, "Nothing was written."]))


def _places(export: Export) -> list[Path]:
    """Return where each image will lie; two images of one name are an error."""
    splits = {one.split or "train" for one in export.images if one.regions is not None}
    places = [_folder(one, splits) / one.image.name for one in export.images]
    names = Counter(place.with_suffix("").as_posix() for place in places)
    if twice := [name for name, count in names.items() if count > 1]:
        raise FrugalsegError(
            f"several images, or several annotations of one, would be {', '.join(twice[:5])}. "
            "Rename them, or leave some out."
        )
    return places


def _write_image(one: Annotated, image: Path, export: Export) -> None:
    image.parent.mkdir(parents=True, exist_ok=True)
    if one.regions is not None:
        masks = image.parent.parent / "masks"
        masks.mkdir(exist_ok=True)
        _write_mask(paint(one, export.classes), masks / f"{image.stem}.png", export)
    shutil.copyfile(one.image, image)


def paint(one: Annotated, classes: Sequence[str]) -> NDArray[np.uint8]:
    """Return the mask of an annotated image, uint8, H x W.

    Raises:
        FrugalsegError: the image cannot be read or has another size than the export says, or a
            region cannot be read.
    """
    height, width, _ = read_image(one.image).shape
    if one.size is not None and one.size != (height, width):
        raise FrugalsegError(
            f"{height} x {width} pixels, but the export says {one.size[0]} x {one.size[1]}. Was it "
            "resized?"
        )
    values = {name: number for number, name in enumerate(classes, 1)}
    mask = np.zeros((height, width), np.uint8)
    for region in one.regions or ():
        label = region.label.lower()
        none = 0 if label in BACKGROUND else IGNORE if label in IGNORED else None
        mask[region.area((height, width))] = values[region.label] if none is None else none
    return mask


def params_entry(export: Export, out: Path) -> str:
    """Return the entry of `datasets` in `params.yaml` for the folder."""
    names = [json.dumps(name, ensure_ascii=False) for name in export.classes]
    classes = ", ".join(names)
    values = ", ".join(f"{name}: {number}" for number, name in enumerate(names, 1))
    source = json.dumps(f"file:{out.as_posix()}", ensure_ascii=False)
    return (
        "  yours:\n"
        "    reader: folder\n"
        f"    source: {source}\n"
        f"    classes: [{classes}]\n"
        f"    mask: {{values: {{background: 0, {values}, ignore: {IGNORE}}}}}\n"
        "    image_size: auto\n"
    )


def _folder(one: Annotated, splits: set[str]) -> Path:
    if one.regions is None:
        return Path("unlabeled")
    return Path(one.split or "train", "images") if len(splits) > 1 else Path("images")


def _write_mask(mask: NDArray[np.uint8], path: Path, export: Export) -> None:
    palette = np.full((256, 3), 255, np.uint8)
    palette[0] = 0
    for number, name in enumerate(export.classes, 1):
        own = np.multiply(colorsys.hsv_to_rgb(_GOLDEN * (number - 1) % 1, 0.9, 1), 255)
        palette[number] = export.colors.get(name, own)
    picture = Image.fromarray(mask, "P")
    picture.putpalette(palette.ravel().tolist())
    picture.save(path)
