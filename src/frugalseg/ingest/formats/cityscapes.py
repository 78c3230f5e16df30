"""Cityscapes: masks whose values are the ids of the classes (Cordts et al., CVPR 2016)."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS, decode
from frugalseg.ingest.formats.export import (
    Annotated,
    Color,
    Export,
    Format,
    Region,
    named_classes,
    split_of,
)
from frugalseg.ingest.formats.files import Files
from frugalseg.ingest.formats.painted import (
    LABEL_COLORS,
    label_color_files,
    read_label_colors,
    regions_of_values,
)

CLASSES: dict[int, tuple[str, Color]] = {
    7: ("road", (128, 64, 128)),
    8: ("sidewalk", (244, 35, 232)),
    11: ("building", (70, 70, 70)),
    12: ("wall", (102, 102, 156)),
    13: ("fence", (190, 153, 153)),
    17: ("pole", (153, 153, 153)),
    19: ("traffic light", (250, 170, 30)),
    20: ("traffic sign", (220, 220, 0)),
    21: ("vegetation", (107, 142, 35)),
    22: ("terrain", (152, 251, 152)),
    23: ("sky", (70, 130, 180)),
    24: ("person", (220, 20, 60)),
    25: ("rider", (255, 0, 0)),
    26: ("car", (0, 0, 142)),
    27: ("truck", (0, 0, 70)),
    28: ("bus", (0, 60, 100)),
    31: ("train", (0, 80, 100)),
    32: ("motorcycle", (0, 0, 230)),
    33: ("bicycle", (119, 11, 32)),
}
"""The classes that the benchmark scores; it ignores the other ids up to 33."""
_IDS = 34
_VOID = "void"
_LABELS = re.compile(r"(.+)_gt(?:Fine|Coarse)_labelIds")
_IMAGE = re.compile(r"(.+)_leftImg8bit")
_TOP = ("gtFine", "gtCoarse", "leftImg8bit")


def is_label_file(path: Path) -> bool:
    """Say whether a picture holds ids of classes."""
    return _LABELS.fullmatch(path.stem) is not None


def recognize(files: Files) -> bool:
    """Say whether there are masks of ids."""
    return any(is_label_file(path) for path in files.images)


def read(files: Files) -> Export:
    """Read `gtFine/.../x_gtFine_labelIds.png` with `leftImg8bit/.../x_leftImg8bit.png`.

    Ids are those of the data set, or the lines of `label_colors.txt`, which other tools add. The
    split is the first folder. Images without a mask are unlabeled.

    Raises:
        FrugalsegError: a malformed list of classes, several masks or images of one name, or a mask
            without an image. Unknown ids are told when the mask is read.
    """
    names, colors = _names(files)
    masks, images = _by_key(files, _LABELS), _by_key(files, _IMAGE)
    if alone := sorted(masks.keys() - images.keys()):
        raise FrugalsegError(
            f"{masks[alone[0]]}: no image {Path(alone[0]).name}_leftImg8bit. Put the folder "
            "leftImg8bit/ beside the masks'."
        )
    annotated = [
        Annotated(
            image,
            _regions(masks[key], names) if key in masks else None,
            split=split_of(key.split("/")[0]),
        )
        for key, image in images.items()
    ]
    classes = named_classes([names[number] for number in sorted(names)])
    return Export(classes, annotated, colors)


def _names(files: Files) -> tuple[dict[int, str], dict[str, Color]]:
    """Return the class of each id, and the color of each class."""
    tables = label_color_files(files)
    if len(tables) > 1:
        raise FrugalsegError(f"{files.root}: {len(tables)} files {LABEL_COLORS}. Keep one.")
    if tables:
        colors = read_label_colors(tables[0])
        return dict(enumerate(colors)), colors
    names = dict.fromkeys(range(_IDS), _VOID) | {number: one[0] for number, one in CLASSES.items()}
    return names, dict(CLASSES.values())


def _by_key(files: Files, pattern: re.Pattern[str]) -> dict[str, Path]:
    """Return files by split, city and name, without what tells images from masks."""
    found: dict[str, Path] = {}
    for path in files.images:
        if match := pattern.fullmatch(path.stem):
            folders = path.relative_to(files.root).parts[:-1]
            place = max((n + 1 for n, name in enumerate(folders) if name in _TOP), default=0)
            key = "/".join((*folders[place:], match[1]))
            if key in found:
                raise FrugalsegError(f"{found[key]} and {path} are of one name. Keep one.")
            found[key] = path
    return found


def _regions(mask: Path, names: Mapping[int, str]) -> list[Region]:
    known = sorted(names.items())
    read = partial(_read_ids, ids=tuple(number for number, _ in known))
    return regions_of_values(mask, read, [*known, (IGNORE, _VOID)])


@lru_cache(maxsize=4)  # each class of a mask asks for it
def _read_ids(mask: Path, ids: tuple[int, ...]) -> NDArray[np.int64]:
    values = decode(mask, max_pixels=MAX_PIXELS).pixels
    if values.ndim != 2 or values.dtype != np.uint8:
        raise FrugalsegError(f"{mask}: expected ids of classes in 8 bits of gray.")
    if unknown := sorted(set(np.unique(values).tolist()) - {*ids, IGNORE}):
        raise FrugalsegError(f"{mask}: ids without a class: {unknown[:5]}.")
    return values.astype(np.int64)


FORMAT = Format(recognize, read)
