"""What a tool exported: images, and the regions that were drawn on them."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.names import is_clutter
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import normalize

Area = NDArray[np.bool_]
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
    """All images of an export, and the names of its classes in the order of their numbers."""

    classes: tuple[str, ...]
    images: list[Annotated]


class Format(NamedTuple):
    """How a tool exports: which annotation files below a folder are its own, and what they say."""

    recognize: Callable[[Path], list[Path]]
    read: Callable[[Path], Export]


class Images:
    """The image files below a folder, found by the names that an export gives them."""

    def __init__(self, root: Path) -> None:
        """List the files once."""
        self.paths = [
            path
            for path in sorted(root.rglob("*"))
            if path.suffix.lower() in SUFFIXES and not is_clutter(path.relative_to(root).as_posix())
        ]
        self._by_name: dict[str, list[Path]] = {}
        for path in self.paths:
            self._by_name.setdefault(normalize(path.name), []).append(path)

    def find(self, name: str, near: Path, split: str | None = None) -> Path:
        """Return the file whose path ends like `name`.

        Of several it is the one below `near`, or in a folder called like `split`.

        Raises:
            FrugalsegError: there is none, or more than one.
        """
        parts = normalize(name).replace("\\", "/").split("/")
        same, found = self._by_name.get(parts[-1], []), []
        for count in range(len(parts), 0, -1):
            found = [p for p in same if [normalize(q) for q in p.parts[-count:]] == parts[-count:]]
            found = [p for p in found if p.is_relative_to(near)] or found
            found = [p for p in found if split and split in p.parent.name.lower()] or found
            if found:
                break
        if len(found) == 1:
            return found[0]
        raise FrugalsegError(
            f"{near}: expected one image called {name}, found {len(found)}. Put the "
            "images of the export beside its annotations."
        )


def polygons(corners: Iterable[NDArray[np.float64]]) -> Callable[[tuple[int, int]], Area]:
    """Return the area of polygons, each N x 2 of x and y in pixels: centers within any of them."""
    return partial(_polygon_area, list(corners))


def _polygon_area(corners: list[NDArray[np.float64]], size: tuple[int, int]) -> Area:
    area = np.zeros(size, np.bool_)
    for points in corners:
        # corners lie between pixels, whose centers are what `polygon` asks about
        area[polygon(points[:, 1] - 0.5, points[:, 0] - 0.5, size)] = True
    return area


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
        corners = np.array(values, float).reshape(-1, 2)
    except (TypeError, ValueError) as error:
        raise FrugalsegError(f"{where}: expected corners of a polygon ({error}).") from error
    if len(corners) < 3 or not np.isfinite(corners).all():
        raise FrugalsegError(f"{where}: expected at least 3 corners of numbers, found {values}.")
    return corners


def named_classes(labels: Collection[str]) -> tuple[str, ...]:
    """Return the labels, in their order, that are classes and neither background nor ignored."""
    none = BACKGROUND | IGNORED
    return tuple(dict.fromkeys(label for label in labels if label.lower() not in none))


def json_files(root: Path, keys: Iterable[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the JSON files below `root` whose objects have all `keys`, with their content."""
    found = ((path, read_object(path)) for path in sorted(root.rglob("*.json")))
    yield from ((path, content) for path, content in found if content and set(keys) <= set(content))


@contextmanager
def refusing_malformed(path: Path, kind: str) -> Iterator[None]:
    """Turn what a missing key or a wrong value raises into an error that names the file.

    Args:
        kind: what was expected, such as "COCO annotations".
    """
    try:
        yield
    except (LookupError, TypeError, ValueError) as error:
        raise FrugalsegError(
            f"{path}: expected {kind}, found something else ({type(error).__name__}: {error})."
        ) from error


def read_object(path: Path) -> dict[str, Any] | None:
    """Return what a JSON file holds if it is an object, else None.

    Raises:
        FrugalsegError: it is not JSON.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise FrugalsegError(f"{path}: cannot be read as JSON ({error}).") from error
    return content if isinstance(content, dict) else None
