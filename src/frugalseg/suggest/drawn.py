"""Masks that people drew in Label Studio, from its JSON export."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon2mask

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS
from frugalseg.suggest.brush import decode_mask
from frugalseg.suggest.label_studio import REGION


class DrawnMask(NamedTuple):
    """The mask of one image.

    Attributes:
        name: of the image, as in its task. mask: uint8, H x W: 0 background, k class k, 255 outside
            the regions that were to be labeled, if there were any.
    """

    name: str
    mask: NDArray[np.uint8]


SizeOf = Callable[[str], tuple[int, int]]


def read_masks(
    tasks: Sequence[Mapping[str, Any]], classes: Sequence[str], size_of: SizeOf | None = None
) -> Iterator[DrawnMask | FrugalsegError]:
    """Yield the mask of every task that was submitted, or why it has none.

    Of several annotations the last one counts; skipped tasks are left out. Later strokes lie over
    earlier ones. A task without any stroke holds no defect.

    Args:
        size_of: returns height and width of the image of a name; called where no stroke says them.
    """
    for number, task in enumerate(tasks, 1):
        try:
            submitted = [one for one in task["annotations"] if not one.get("was_cancelled")]
            if submitted:
                name = _name(task)
                yield DrawnMask(name, _mask(submitted[-1]["result"], classes, name, size_of))
        except FrugalsegError as error:
            yield error
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            yield FrugalsegError(
                f"task {number}: expected a task as Label Studio exports it as JSON, found "
                f"something else ({type(error).__name__}: {error})."
            )


def _name(task: Mapping[str, Any]) -> str:
    """Return the name that `suggest` gave, or else that in the image's address."""
    data = task["data"]
    if "name" in data:
        return str(data["name"])
    address = urlsplit(str(data["image"]))
    return parse_qs(address.query).get("d", [address.path])[0]


def _mask(
    results: Sequence[Mapping[str, Any]], classes: Sequence[str], name: str, size_of: SizeOf | None
) -> NDArray[np.uint8]:
    if not results and size_of is None:
        raise FrugalsegError(
            f"{name}: submitted without a stroke, so its size is unknown. Name the folder of "
            "images: --images DIR."
        )
    size = _size(results[0]) if results or size_of is None else size_of(name)
    mask = np.zeros(size, np.uint8)
    region = np.zeros(size, np.bool_)
    for result in results:
        if _size(result) != size:
            raise FrugalsegError(f"{name}: its strokes belong to pictures of different sizes.")
        (label,) = result["value"][result["type"]]
        if label == REGION:
            region |= _area(result, size)
        elif label in classes:
            mask[_area(result, size)] = 1 + list(classes).index(label)
        else:
            raise FrugalsegError(
                f"{name}: the label {label!r} is not a class of the model. Known: "
                f"{', '.join(classes)}."
            )
    if region.any():
        mask[~region] = IGNORE
    return mask


def _size(result: Mapping[str, Any]) -> tuple[int, int]:
    height, width = int(result["original_height"]), int(result["original_width"])
    if not 0 < height * width <= MAX_PIXELS:
        raise FrugalsegError(
            f"expected a picture of 1 to {MAX_PIXELS} pixels, found {height} x {width}."
        )
    return height, width


def _area(result: Mapping[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return what a stroke covers, H x W."""
    value, kind = result["value"], result["type"]
    if kind == "brushlabels":
        return decode_mask(value["rle"], size)
    if kind == "polygonlabels":
        corners = np.array(value["points"], float)[:, ::-1] / 100 * size
        # corners lie between pixels, whose centers are what polygon2mask asks about
        inside: NDArray[np.bool_] = polygon2mask(size, corners - 0.5)
        return inside
    if kind == "rectanglelabels":
        area = np.zeros(size, np.bool_)
        keys = ("y", "x", "height", "width")
        y, x, height, width = (
            round(value[key] / 100 * side) for key, side in zip(keys, size * 2, strict=True)
        )
        area[max(0, y) : y + height, max(0, x) : x + width] = True
        return area
    raise FrugalsegError(
        f"strokes of type {kind!r} are not supported. Draw with brush, polygons or rectangles."
    )
