"""Masks painted in the colors of their classes, as VOC, CamVid and Cityscapes have them."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import Area, Color, Region
from frugalseg.ingest.formats.files import Files, read_lines
from frugalseg.ingest.images import read_image

LABEL_COLORS = "label_colors.txt"
BLACK: Color = (0, 0, 0)


def painted_regions(mask: Path, colors: Mapping[str, Color]) -> list[Region]:
    """Return the region of each class in a mask, which is read when an area is asked for.

    Its areas raise FrugalsegError for a mask that cannot be read or has another size than its
    image, and for a color that no class has.

    Raises:
        FrugalsegError: two classes of one color.
    """
    known = tuple(colors.values())
    if len(set(known)) < len(known):
        raise FrugalsegError(f"{mask}: two classes of one color in {dict(colors)}.")
    return regions_of_values(mask, partial(_numbers, colors=known), enumerate(colors))


def regions_of_values(
    mask: Path, read: Callable[[Path], NDArray[np.int64]], names: Iterable[tuple[int, str]]
) -> list[Region]:
    """Return a region for each value of a mask, which is read when an area is asked for.

    Its areas raise FrugalsegError for a mask of another size than its image.

    Args:
        read: returns the values, H x W, and keeps them: each region asks for them.
        names: values with their labels.
    """
    return [Region(name, partial(_area, mask, read, value)) for value, name in names]


def label_color_files(files: Files) -> list[Path]:
    """Return the lists of colors in an export."""
    return [path for path in files.paths if path.name == LABEL_COLORS]


def read_label_colors(path: Path) -> dict[str, Color]:
    """Read lines `red green blue name`; black is `background` if no class has it.

    Raises:
        FrugalsegError: a malformed line, or two classes of one name.
    """
    colors: dict[str, Color] = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line or line.startswith("#"):
            continue
        try:
            red, green, blue, name = line.split(maxsplit=3)
            color = read_color(red, green, blue)
        except ValueError as error:
            raise FrugalsegError(
                f"{path}, line {number}: expected red, green, blue, name, found {line[:100]!r}."
            ) from error
        if name in colors:
            raise FrugalsegError(f"{path}, line {number}: a second class {name!r}.")
        colors[name] = color
    return colors if BLACK in colors.values() else {"background": BLACK} | colors


def read_color(red: object, green: object, blue: object) -> Color:
    """Return a color of three numbers; raise ValueError if they are not from 0 to 255."""
    r, g, b = (int(str(value)) for value in (red, green, blue))
    if not all(0 <= value <= 255 for value in (r, g, b)):
        raise ValueError(f"color {r}, {g}, {b}")
    return r, g, b


def _area(
    mask: Path, read: Callable[[Path], NDArray[np.int64]], value: int, size: tuple[int, int]
) -> Area:
    values = read(mask)
    if values.shape != size:
        height, width = values.shape
        raise FrugalsegError(
            f"{mask}: {height} x {width} pixels, its image has {size[0]} x {size[1]}."
        )
    area: Area = values == value
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
        raise FrugalsegError(
            f"{mask}: colors without a class: {found}. Add them to the list of classes."
        )
    result: NDArray[np.int64] = numbers
    return result
