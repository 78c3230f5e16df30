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
    Images,
    Region,
    named_classes,
    points,
    polygons,
    split_of,
)

IMAGES, LABELS = "images", "labels"


def recognize(root: Path) -> list[Path]:
    """Return the files below `root` that name the classes, if there are labels too."""
    if not any(path.is_dir() for path in root.rglob(LABELS)):
        return []
    return [path for path in sorted(root.rglob("*.y*ml")) if _content(path).get("names")]


def read(root: Path) -> Export:
    """Read the labels of all images below a folder `images/`, in the folder `labels/` beside it.

    The split is the word train, val or test in the path. An image without a label file holds
    nothing, as YOLO has it.

    Raises:
        FrugalsegError: no file or several with names of classes, or a line that is no polygon.
    """
    files = recognize(root)
    if len(files) != 1:
        raise FrugalsegError(
            f"{root}: expected one data.yaml with the names of the classes, found {len(files)}."
        )
    names = _names(_content(files[0])["names"], files[0])
    annotated = []
    for image in Images(root).paths:
        parts = image.relative_to(root).parts
        if IMAGES in parts:
            place = len(parts) - 1 - parts[::-1].index(IMAGES)
            label = root.joinpath(*parts[:place], LABELS, *parts[place + 1 :]).with_suffix(".txt")
            regions = _regions(label, names) if label.is_file() else []
            annotated.append(Annotated(image, regions, split=split_of(*parts[:-1])))
    return Export(named_classes(list(names.values())), annotated)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _names(names: Any, path: Path) -> dict[int, str]:
    if isinstance(names, list):
        return {number: str(name) for number, name in enumerate(names)}
    if isinstance(names, dict) and all(isinstance(number, int) for number in names):
        return {number: str(names[number]) for number in sorted(names)}
    raise FrugalsegError(f"{path}: expected names as a list or by number, found {names!r}.")


def _regions(path: Path, names: dict[int, str]) -> list[Region]:
    regions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
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
        regions.append(Region(name, _scaled(points(corners.tolist(), where))))
    return regions


def _scaled(corners: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Return the area of corners that are shares of width and height."""

    def area(size: tuple[int, int]) -> Area:
        return polygons([corners * size[::-1]])(size)

    return area


FORMAT = Format(recognize, read)
