"""YOLO segmentation: a text file for each image, a polygon a line, as Ultralytics reads them."""

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Annotated,
    Area,
    Export,
    Format,
    Region,
    named_classes,
    points,
    polygons,
    split_of,
)
from frugalseg.ingest.formats.files import Files, read_bytes, read_lines

IMAGES, LABELS = "images", "labels"
_SLACK = 0.01
"""By which exporters leave the image."""


def recognize(files: Files) -> bool:
    """Say whether there are a folder of labels and a file that names the classes."""
    return bool(_lists(files))


def read(files: Files) -> Export:
    """Read the labels of all images below a folder `images/`, in the folder `labels/` beside it.

    The split is the word train, val or test in the path. An image without a label file holds
    nothing, as YOLO has it.

    Raises:
        FrugalsegError: no file or several with names of classes, or a line that is no polygon.
    """
    lists = _lists(files)
    if len(lists) != 1:
        raise FrugalsegError(
            f"{files.root}: expected one data.yaml with the names of the classes, found "
            f"{len(lists)}."
        )
    names = _names(_content(lists[0])["names"], lists[0])
    annotated = []
    for image in files.images:
        parts = image.relative_to(files.root).parts
        if IMAGES in parts:
            place = len(parts) - 1 - parts[::-1].index(IMAGES)
            folder = files.root.joinpath(*parts[:place], LABELS, *parts[place + 1 : -1])
            label = folder / f"{image.stem}.txt"
            regions = _regions(label, names) if label.is_file() else []
            annotated.append(Annotated(image, regions, split=split_of(*parts[:-1])))
    return Export(named_classes(list(names.values())), annotated)


def _lists(files: Files) -> list[Path]:
    if not any(LABELS in path.parts[len(files.root.parts) : -1] for path in files.paths):
        return []
    paths = [path for path in files.paths if path.suffix.lower() in (".yaml", ".yml")]
    return [path for path in paths if _content(path).get("names")]


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, yaml.YAMLError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _names(names: Any, path: Path) -> dict[int, str]:
    if isinstance(names, list):
        return {number: str(name) for number, name in enumerate(names)}
    if isinstance(names, dict) and all(isinstance(number, int) for number in names):
        return {number: str(names[number]) for number in sorted(names)}
    raise FrugalsegError(
        f"{path}: expected names as a list or by number, found {str(names)[:100]!r}."
    )


def _regions(path: Path, names: dict[int, str]) -> list[Region]:
    regions = []
    for number, line in enumerate(read_lines(path), 1):
        where = f"{path}, line {number}"
        try:
            label, *values = line.split() or [""]
            if not label:
                continue
            name = names[int(label)]
            corners = np.array(values, float)
        except (KeyError, ValueError) as error:
            raise FrugalsegError(
                f"{where}: expected the number of a class and a polygon ({error})."
            ) from error
        if len(values) == 4:
            raise FrugalsegError(f"{where}: is a box and no outline. Export segmentations.")
        if np.abs(corners - 0.5).max(initial=0) > 0.5 + _SLACK:
            raise FrugalsegError(f"{where}: expected shares of width and height, from 0 to 1.")
        regions.append(Region(name, _scaled(points(corners.tolist(), where))))
    return regions


def _scaled(corners: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Return the area of corners that are shares of width and height."""

    def area(size: tuple[int, int]) -> Area:
        return polygons([corners * size[::-1]])(size)

    return area


FORMAT = Format(recognize, read)
