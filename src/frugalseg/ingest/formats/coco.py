"""COCO: one JSON file for each split, with polygons or run lengths (Lin et al., ECCV 2014)."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    Annotated,
    Export,
    Region,
    json_format,
    named_classes,
    points,
    polygons,
    refusing_malformed,
    split_of,
)
from frugalseg.ingest.formats.files import Files
from frugalseg.ingest.formats.rle import decode_rle

SECTIONS = ("images", "annotations", "categories")


def read(files: Files) -> Export:
    """Read all annotation files; a group of objects (`iscrowd`) counts as its class.

    The split is the word train, val or test in the name of the file or of its folder. Classes are
    the categories that are used, by their ids.

    Raises:
        FrugalsegError: a file that is malformed, an image that is missing, or an annotation
            without an outline.
    """
    used: set[tuple[int, str]] = set()
    annotated = []
    for path, content in files.json(SECTIONS):
        with refusing_malformed(path, "COCO annotations"):
            names = {int(one["id"]): str(one["name"]) for one in content["categories"]}
            split = split_of(*path.relative_to(files.root).with_suffix("").parts[-2:])
            annotated += _images(path, content, names, files, split)
            numbers = {int(one["category_id"]) for one in content["annotations"]}
            used |= {(number, names[number]) for number in numbers}
    return Export(named_classes([name for _, name in sorted(used)]), annotated)


def _images(
    path: Path,
    content: Mapping[str, Any],
    names: Mapping[int, str],
    files: Files,
    split: str | None,
) -> list[Annotated]:
    if any("segments_info" in one for one in content["annotations"]):
        raise FrugalsegError(f"{path}: is panoptic. Export instances, with segmentations.")
    regions: defaultdict[int, list[Region]] = defaultdict(list)
    for one in content["annotations"]:
        where = f"{path}: annotation {one.get('id')}"
        regions[int(one["image_id"])].append(
            Region(names[int(one["category_id"])], _area(one.get("segmentation"), where))
        )
    ids = [int(one["id"]) for one in content["images"]]
    if strangers := sorted(regions.keys() - set(ids)):
        raise FrugalsegError(f"{path}: annotations of images that are not listed: {strangers[:5]}.")
    if len(set(ids)) < len(ids):
        raise FrugalsegError(f"{path}: two images of one id.")
    return [
        Annotated(
            files.find(str(one["file_name"]), path.parent, split),
            regions[int(one["id"])],
            (int(one["height"]), int(one["width"])),
            split,
        )
        for one in content["images"]
    ]


def _area(segmentation: Any, where: str) -> Any:
    if isinstance(segmentation, dict):
        return partial(decode_rle, segmentation)
    if isinstance(segmentation, list) and segmentation:
        return polygons([points(corners, where) for corners in segmentation])
    raise FrugalsegError(f"{where}: has a box and no outline. Export segmentations.")


FORMAT = json_format(SECTIONS, read)
