"""Masks that people drew in Label Studio, from its JSON export."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.annotations import Rule, consensus, pick
from frugalseg.suggest.label_studio import REGION
from frugalseg.suggest.shapes import SHAPES, region_area, region_size


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
    tasks: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    size_of: SizeOf | None = None,
    rule: Rule = "ground-truth",
) -> Iterator[DrawnMask | FrugalsegError]:
    """Yield the mask of every task that was submitted, or why it has none.

    Skipped tasks are left out. Later regions lie over earlier ones. A task without any region holds
    no defect; results that are no regions, such as choices and relations, are left out.

    Args:
        size_of: returns height and width of the image of a name; called where no region says them.
        rule: which of several annotations count, see `annotations.pick`.
    """
    for number, task in enumerate(tasks, 1):
        try:
            annotations = pick(task["annotations"], rule)
            if annotations:
                name = _name(task)
                yield DrawnMask(name, _mask(annotations, classes, name, size_of))
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
    annotations: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    name: str,
    size_of: SizeOf | None,
) -> NDArray[np.uint8]:
    drawn = [list(_regions(annotation["result"])) for annotation in annotations]
    first = next((region for regions in drawn for region in regions), None)
    try:
        if first is not None:
            size = region_size(first)
        elif size_of is not None:
            size = size_of(name)
        else:
            raise FrugalsegError(
                "submitted without a region, so its size is unknown. Name the folder of images: "
                "--images DIR."
            )
        return consensus([_paint(regions, classes, size) for regions in drawn])
    except FrugalsegError as error:
        raise FrugalsegError(f"{name}: {error}") from error


def _regions(results: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the results that are regions with a label, each region once."""
    labeled = {one.get("id") for one in results if one["type"].endswith("labels")}
    for result in results:
        # with the tag Labels, a region's shape comes once more by itself, under the same id
        is_repeated = result.get("id") is not None and result["id"] in labeled
        if result["type"].endswith("labels") or (result["type"] in SHAPES and not is_repeated):
            yield result


def _paint(
    regions: Sequence[Mapping[str, Any]], classes: Sequence[str], size: tuple[int, int]
) -> NDArray[np.uint8]:
    mask = np.zeros(size, np.uint8)
    asked = np.zeros(size, np.bool_)
    for region in regions:
        if region_size(region) != size:
            raise FrugalsegError("its regions belong to pictures of different sizes.")
        labels = region["value"].get(region["type"], [])
        if len(labels) != 1:
            raise FrugalsegError(
                f"a region of type {region['type']} has {len(labels)} labels. Give it one."
            )
        if labels[0] == REGION:
            asked |= region_area(region["value"], size)
        elif labels[0] in classes:
            mask[region_area(region["value"], size)] = 1 + list(classes).index(labels[0])
        else:
            raise FrugalsegError(
                f"the label {labels[0]!r} is not a class of the model. Known: {', '.join(classes)}."
            )
    if asked.any():
        mask[~asked] = IGNORE
    return mask
