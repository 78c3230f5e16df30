"""Write an export as a folder that the reader `folder` reads."""

import colorsys
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import replacing
from frugalseg.ingest.formats.export import BACKGROUND, IGNORED, Annotated, Export
from frugalseg.ingest.images import read_image

MOST_CLASSES = IGNORE - 1
_GOLDEN = 0.618


def write_folder(export: Export, out: Path) -> list[str]:
    """Copy the images and write a mask for each that is annotated.

    Masks are PNG files with a palette, whose values are 0 for the background, k for class k and 255
    for pixels to ignore. Official splits become `train/`, `val/` and `test/`; if there is one only,
    images lie in `images/`. Images without annotations go to `unlabeled/`.

    Returns:
        What is wrong with each image that could not be written.

    Raises:
        FrugalsegError: no classes or too many, or two images of one name.
    """
    if not 1 <= len(export.classes) <= MOST_CLASSES:
        raise FrugalsegError(
            f"expected 1 to {MOST_CLASSES} classes, found {len(export.classes)}. Are the images "
            "annotated?"
        )
    splits = {one.split or "train" for one in export.images if one.regions is not None}
    places = [_folder(one, splits) / one.image.name for one in export.images]
    names = Counter(place.with_suffix("").as_posix() for place in places)
    if twice := [name for name, count in names.items() if count > 1]:
        raise FrugalsegError(
            f"several images, or several annotations of one, would be {', '.join(twice[:5])}. "
            "Rename them, or leave some out."
        )
    problems = []
    for one, place in zip(export.images, places, strict=True):
        image = out / place
        try:
            if one.regions is not None:
                path = image.parent.parent / "masks" / f"{image.stem}.png"
                _write_mask(paint(one, export.classes), path, export.classes)
            with replacing(image) as partial:
                shutil.copyfile(one.image, partial)
        except FrugalsegError as error:
            problems.append(f"{one.image}: {error}")
    return problems


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
    classes = ", ".join(f'"{name}"' for name in export.classes)
    values = ", ".join(f'"{name}": {number}' for number, name in enumerate(export.classes, 1))
    return (
        "  yours:\n"
        "    reader: folder\n"
        f'    source: "file:{out.as_posix()}"\n'
        f"    classes: [{classes}]\n"
        f"    mask: {{values: {{background: 0, {values}, ignore: {IGNORE}}}}}\n"
        "    image_size: auto\n"
    )


def _folder(one: Annotated, splits: set[str]) -> Path:
    if one.regions is None:
        return Path("unlabeled")
    return Path(one.split or "train", "images") if len(splits) > 1 else Path("images")


def _write_mask(mask: NDArray[np.uint8], path: Path, classes: Sequence[str]) -> None:
    colors = [colorsys.hsv_to_rgb(_GOLDEN * k % 1, 0.9, 1) for k in range(len(classes))]
    palette = np.full((256, 3), 255, np.uint8)
    palette[: len(classes) + 1] = [(0, 0, 0), *(np.multiply(color, 255) for color in colors)]
    picture = Image.fromarray(mask, "P")
    picture.putpalette(palette.ravel().tolist())
    with replacing(path) as partial:
        picture.save(partial, "PNG")
