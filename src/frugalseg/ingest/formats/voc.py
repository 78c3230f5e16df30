"""Pascal VOC: masks in the colors of the classes (Everingham et al., IJCV 2010)."""

from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Annotated,
    Area,
    Export,
    Format,
    Images,
    Region,
    named_classes,
)
from frugalseg.ingest.images import read_image

Color = tuple[int, int, int]
MASKS, SETS, LABELMAP = "SegmentationClass", "ImageSets/Segmentation", "labelmap.txt"
NAMES = (
    *("background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat"),
    *("chair", "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant"),
    *("sheep", "sofa", "train", "tvmonitor"),
)
"""Classes of the data set itself, which has no label map."""
VOID: Color = (224, 224, 192)


def recognize(root: Path) -> list[Path]:
    """Return the folders below `root` that hold masks."""
    return [path for path in sorted(root.rglob(MASKS)) if path.is_dir()]


def read(root: Path) -> Export:
    """Read the masks; images without one are unlabeled. Splits are lists in `ImageSets/`.

    Raises:
        FrugalsegError: several folders of masks, a malformed label map, or an image that is
            missing. A color without a class is told when the mask is read.
    """
    (folder, *others) = recognize(root)
    if others:
        raise FrugalsegError(f"{root}: {1 + len(others)} folders {MASKS}. Import one at a time.")
    home = folder.parent
    colors = _colors(home / LABELMAP)
    splits = {
        stem.strip(): split
        for split in ("train", "val", "test")
        for stem in _lines(home / SETS / f"{split}.txt")
    }
    images = Images(root)
    masks = {path.stem: path for path in images.paths if path.parent == folder}
    annotated = []
    for path in images.paths:
        if path.parent.name.startswith("Segmentation"):
            continue
        mask = masks.pop(path.stem, None)
        regions = None if mask is None else _regions(mask, colors)
        annotated.append(Annotated(path, regions, split=splits.get(path.stem)))
    if masks:
        raise FrugalsegError(
            f"{next(iter(masks.values()))}: no image of its name. Add JPEGImages/."
        )
    return Export(named_classes(list(colors)), annotated)


def color_map(count: int) -> list[Color]:
    """Return the colors of classes 0, 1 ... of VOC: their bits in turn make red, green and blue.

    Example:
        >>> color_map(3)
        [(0, 0, 0), (128, 0, 0), (0, 128, 0)]
    """
    colors = []
    for number in range(count):
        red, green, blue = (
            sum((number >> (3 * bit + channel) & 1) << (7 - bit) for bit in range(8))
            for channel in range(3)
        )
        colors.append((red, green, blue))
    return colors


def _colors(path: Path) -> dict[str, Color]:
    """Read `name:red,green,blue:parts:actions` lines."""
    if not path.is_file():
        return dict(zip(NAMES, color_map(len(NAMES)), strict=True)) | {"void": VOID}
    colors: dict[str, Color] = {}
    for number, line in enumerate(_lines(path), 1):
        name, _, rest = line.partition(":")
        try:
            red, green, blue = map(int, rest.split(":")[0].split(","))
        except ValueError as error:
            raise FrugalsegError(
                f"{path}, line {number}: expected name:red,green,blue, found {line!r}."
            ) from error
        colors[name] = red, green, blue
    return {"background": (0, 0, 0)} | colors


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _regions(mask: Path, colors: dict[str, Color]) -> list[Region]:
    known = tuple(colors.values())
    return [Region(name, partial(_area, mask, known, number)) for number, name in enumerate(colors)]


def _area(mask: Path, colors: tuple[Color, ...], number: int, size: tuple[int, int]) -> Area:
    numbers = _numbers(mask, colors)
    if numbers.shape != size:
        raise FrugalsegError(
            f"{mask}: {numbers.shape[0]} x {numbers.shape[1]} pixels, its image has {size[0]} x "
            f"{size[1]}."
        )
    area: Area = numbers == number
    return area


@lru_cache(maxsize=4)  # each class of a mask asks for it
def _numbers(mask: Path, colors: tuple[Color, ...]) -> NDArray[np.int64]:
    rgb = read_image(mask).astype(np.int64)
    packed = (rgb << np.array([16, 8, 0])).sum(axis=2) if rgb.shape[2] == 3 else rgb[..., 0] * 65793
    codes = np.array([red << 16 | green << 8 | blue for red, green, blue in colors])
    order = np.argsort(codes)
    place = np.clip(np.searchsorted(codes, packed, sorter=order), 0, len(codes) - 1)
    numbers = order[place]
    unknown = np.unique(packed[codes[numbers] != packed])
    if len(unknown):
        found = ", ".join(f"({c >> 16}, {c >> 8 & 255}, {c & 255})" for c in unknown[:5].tolist())
        raise FrugalsegError(f"{mask}: colors without a class: {found}. Add them to {LABELMAP}.")
    result: NDArray[np.int64] = numbers
    return result


FORMAT = Format(recognize, read)
