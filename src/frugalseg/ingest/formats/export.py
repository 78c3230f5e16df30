"""What a tool exported: images, and the regions that were drawn on them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.files import Files

Area = NDArray[np.bool_]
Color = tuple[int, int, int]
BACKGROUND = frozenset({"background", "_background_", "__background__"})
IGNORED = frozenset({"ignore", "void", "__ignore__"})
"""Labels, in lower case, that stand for no class: 0, and 255 in masks."""


class Region(NamedTuple):
    """A region with its label; `area` returns the pixels it covers for (height, width)."""

    label: str
    area: Callable[[tuple[int, int]], Area]


@dataclass(frozen=True)
class Annotated:
    """An image and its regions, later ones above earlier ones; None for an unlabeled image.

    Attributes:
        size: height and width that the export states, if it does.
        split: `train`, `val`, `test`, or None if the export has no splits.
    """

    image: Path
    regions: Sequence[Region] | None
    size: tuple[int, int] | None = None
    split: str | None = None


class Export(NamedTuple):
    """All images of an export, and the names of its classes in the order of their numbers.

    Attributes:
        colors: red, green and blue of classes for which the export has them.
    """

    classes: tuple[str, ...]
    images: list[Annotated]
    colors: Mapping[str, Color] = {}


class Format(NamedTuple):
    """How a tool exports.

    Attributes:
        recognize: whether files of this format are among those of a folder.
        read: what they say.
        keys: of the objects in its JSON files, if it has any.
    """

    recognize: Callable[[Files], bool]
    read: Callable[[Files], Export]
    keys: tuple[str, ...] = ()


def json_format(keys: tuple[str, ...], read: Callable[[Files], Export]) -> Format:
    """Return a format that is recognized by the keys of its JSON files."""
    return Format(lambda files: bool(files.json(keys)), read, keys)


def polygons(corners: Iterable[NDArray[np.float64]]) -> Callable[[tuple[int, int]], Area]:
    """Return the area of polygons, each N x 2 of x and y in pixels: centers within any of them."""
    return partial(_polygon_area, list(corners))


def _polygon_area(corners: list[NDArray[np.float64]], size: tuple[int, int]) -> Area:
    area = np.zeros(size, np.bool_)
    for points in corners:
        # corners lie between pixels, whose centers are what `polygon` asks about
        area[polygon(points[:, 1] - 0.5, points[:, 0] - 0.5, size)] = True
    return area


def ellipse(
    center: tuple[float, float], radii: tuple[float, float], degrees: float, where: str
) -> Callable[[tuple[int, int]], Area]:
    """Return the area of an ellipse: the pixels whose centers it holds.

    Args:
        center: x and y in pixels. radii: along x and y. degrees: by which it is then turned
            clockwise. where: names it in errors.

    Raises:
        FrugalsegError: a radius that is not above 0, or no number.
    """
    values = (*center, *radii, degrees)
    if not np.isfinite(values).all() or min(radii) <= 0:
        raise FrugalsegError(f"{where}: expected a center and two radii above 0, found {values}.")
    return partial(_ellipse_area, center, radii, np.deg2rad(degrees))


def _ellipse_area(
    center: tuple[float, float], radii: tuple[float, float], angle: float, size: tuple[int, int]
) -> Area:
    rows, columns = np.ogrid[: size[0], : size[1]]
    x, y = columns + 0.5 - center[0], rows + 0.5 - center[1]
    along = (x * np.cos(angle) + y * np.sin(angle)) / radii[0]
    across = (y * np.cos(angle) - x * np.sin(angle)) / radii[1]
    area: Area = along**2 + across**2 <= 1
    return area


def no_area(where: str) -> FrugalsegError:
    """Return the error for a box, a line or points, which are no masks."""
    return FrugalsegError(
        f"{where} has no outline, so it covers no known area. Draw a polygon or a mask, or delete "
        "it."
    )


SPLITS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}


def split_of(*names: str) -> str | None:
    """Return the split that the last of `names` with such a word in it says: train, val or test."""
    for name in reversed(names):
        found = [word for word in re.findall("[a-z]+", name.lower()) if word in SPLITS]
        if found:
            return SPLITS[found[-1]]
    return None


def points(values: Sequence[Any], where: str) -> NDArray[np.float64]:
    """Return x and y of the corners of one polygon, N x 2.

    Args:
        values: x and y in turn, or pairs of them. where: names the polygon in errors.

    Raises:
        FrugalsegError: not numbers, or fewer than three corners.
    """
    try:
        corners = np.atleast_1d(np.array(values, float))
        corners = corners.reshape(-1, 2) if corners.ndim == 1 else corners
    except (TypeError, ValueError) as error:
        raise FrugalsegError(f"{where}: expected corners of a polygon ({error}).") from error
    if len(corners) < 3 or corners.shape[1:] != (2,) or not np.isfinite(corners).all():
        raise FrugalsegError(
            f"{where}: expected at least 3 corners of numbers, found {str(values)[:100]}."
        )
    return corners


def named_classes(labels: Collection[str]) -> tuple[str, ...]:
    """Return the labels, in their order, that are classes and neither background nor ignored."""
    none = BACKGROUND | IGNORED
    return tuple(dict.fromkeys(label for label in labels if label.lower() not in none))


@contextmanager
def refusing_malformed(path: Path, kind: str) -> Iterator[None]:
    """Turn what a missing key or a wrong value raises into an error that names the file.

    Args:
        kind: what was expected, such as "COCO annotations".
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise FrugalsegError(
            f"{path}: expected {kind}, found something else ({type(error).__name__}: {error})."
        ) from error
