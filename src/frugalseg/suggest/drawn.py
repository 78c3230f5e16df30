"""Masks that people drew in Label Studio, from its JSON export."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.boxes import Box
from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.filled import fill
from frugalseg.suggest.annotations import Rule, consensus, pick
from frugalseg.suggest.label_studio import BACKGROUND, REGION
from frugalseg.suggest.shapes import SHAPES, point_area, region_area, region_size


class DrawnMask(NamedTuple):
    """The mask of one image.

    Attributes:
        name: of the image, as in its task. mask: uint8, H x W: 0 background, k class k, 255 outside
            the regions that were to be labeled, if there were any.
    """

    name: str
    mask: NDArray[np.uint8]


ImageOf = Callable[[str], NDArray[np.uint8]]


def read_masks(
    tasks: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    image_of: ImageOf | None = None,
    rule: Rule = "ground-truth",
    kind: str | None = None,
) -> Iterator[DrawnMask | FrugalsegError]:
    """Yield the mask of every task that was submitted, or why it has none.

    Skipped tasks are left out. Later regions lie over earlier ones. A task without any region holds
    no defect; results that are no regions, such as choices and relations, are left out.

    Args:
        image_of: returns the image of a name, H x W x C; called where no region says its size, and
            for boxes, to guess what of them is the object.
        rule: which of several annotations count, see `annotations.pick`.
        kind: what was drawn if not masks, a key of `label_studio.DRAWING_TAGS`. Of scribbles and
            points all that lies beside them is unknown; beside boxes it is background.
    """
    paint = partial(_paint, classes=classes, kind=kind)
    for number, task in enumerate(tasks, 1):
        try:
            annotations = pick(task["annotations"], rule)
            if annotations:
                name = _name(task)
                yield DrawnMask(name, _mask(annotations, paint, name, image_of))
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
    paint: Callable[..., NDArray[np.uint8]],
    name: str,
    image_of: ImageOf | None,
) -> NDArray[np.uint8]:
    drawn = [list(_regions(annotation["result"])) for annotation in annotations]
    first = next((region for regions in drawn for region in regions), None)
    try:
        if first is not None:
            size = region_size(first)
        elif image_of is not None:
            height, width, *_ = image_of(name).shape
            size = height, width
        else:
            raise FrugalsegError(
                "submitted without a region, so its size is unknown. Name the folder of images: "
                "--images DIR."
            )
        image = partial(image_of, name) if image_of is not None else None
        return consensus([paint(regions, size=size, image=image) for regions in drawn])
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
    regions: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    size: tuple[int, int],
    kind: str | None,
    image: Callable[[], NDArray[np.uint8]] | None,
) -> NDArray[np.uint8]:
    is_sparse = kind in ("scribbles", "points")
    if is_sparse and not regions:
        raise FrugalsegError(
            f"nothing was drawn, and of {kind} that means nothing is known. Mark its background "
            "too, or skip it."
        )
    values = {name: number for number, name in enumerate(classes, 1)}
    values |= {BACKGROUND: 0} if is_sparse else {}
    mask = np.full(size, IGNORE if is_sparse else 0, np.uint8)
    asked = np.zeros(size, np.bool_)
    boxes: list[tuple[int, Box]] = []
    for region in regions:
        label = _label(region, list(values), size)
        is_point = is_sparse and region["type"].startswith("keypoint")
        area = (point_area if is_point else region_area)(region["value"], size)
        if label == REGION:
            asked |= area
        elif kind == "boxes":
            mask[area] = IGNORE
            boxes.append((values[label], _around(area)))
        else:
            mask[area] = values[label]
    if boxes:
        if image is None:
            raise FrugalsegError("boxes need the image. Name the folder of images: --images DIR.")
        fill(mask, image(), tuple(boxes))
    if asked.any():
        mask[~asked] = IGNORE
    return mask


def _label(region: Mapping[str, Any], known: Sequence[str], size: tuple[int, int]) -> str:
    """Return the label of a region of a picture of `size`: one of `known`, or REGION."""
    if region_size(region) != size:
        raise FrugalsegError("its regions belong to pictures of different sizes.")
    labels = region["value"].get(region["type"], [])
    if len(labels) != 1:
        raise FrugalsegError(
            f"a region of type {region['type']} has {len(labels)} labels. Give it one."
        )
    if labels[0] not in (REGION, *known):
        raise FrugalsegError(
            f"the label {labels[0]!r} is not a class of the model. Known: {', '.join(known)}."
        )
    return str(labels[0])


def _around(area: NDArray[np.bool_]) -> Box:
    """Return the smallest box that holds an area; an empty one for an empty area."""
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    if not len(rows):
        return 0, 0, 0, 0
    top, left = int(rows[0]), int(columns[0])
    return top, left, int(rows[-1]) + 1 - top, int(columns[-1]) + 1 - left
