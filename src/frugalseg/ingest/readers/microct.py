"""Micro-tomography slices (DTU 02456, project 21): few labeled, many unlabeled."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import (
    MASK_SUFFIXES,
    find_layout,
    image_ids,
    list_files,
    number,
    pair_by_name,
    refuse,
)
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class MicroCT(Reader):
    """Layout: `labeled/Original_images/` + `labeled/Original_masks/`, `unlabeled/`.

    Images are float32 TIFF of about -4e-5 to 7e-4, scaled by percentiles; masks are `.npy` or
    painted pictures, found by stem or by number. Neighboring slices look alike (correlation 0.73
    to 0.89), so `block` slices in a row are a group.

    Attributes:
        images, masks: folders below `labeled/`.
        block: slices in a group, counted from slice 0; 1 makes every slice its own.
        reference_split: take the official split of `splits/split.json`, which mixes neighbors.
    """

    name: ClassVar[str] = "microct"
    license: ClassVar[str] = "course data without a license: research use only"
    citation: ClassVar[str] = "DTU course 02456 Deep Learning, project 21, micro-tomography slices"
    homepage: ClassVar[str] = "https://github.com/nadialeal/02456-DL-Project"
    archive_url: ClassVar[str | None] = "manual:https://github.com/nadialeal/02456-DL-Project"
    mask_method: ClassVar[str] = "otsu"

    classes: tuple[str, ...] = ("particle",)
    images: str = "Original_images"
    masks: str = "Original_masks"
    block: int = 4
    reference_split: bool = False

    def items(self, root: Path) -> list[Item]:
        """List the slices below `root`; see `DataSet.items`."""
        if self.block < 1:
            raise FrugalsegError(f"block must be at least 1, found {self.block}.")
        home = find_layout(root, self._is_home, f"the folder labeled/{self.images}/ with slices")
        pairs, problems = pair_by_name(
            list_files(home / "labeled" / self.images, SUFFIXES),
            list_files(home / "labeled" / self.masks, SUFFIXES | MASK_SUFFIXES),
        )
        slices = list_files(home / "unlabeled", SUFFIXES)
        every = [image for image, _ in pairs] + slices
        problems += [f"no slice number in its name: {p}" for p in every if number(p) is None]
        refuse(home, problems)
        labeled = make_items(pairs)
        if self.reference_split:
            labeled = _with_split(labeled, home / "splits" / "split.json")
        ids = image_ids(f"unlabeled/{image.stem}" for image in slices)
        unlabeled = [
            Item(image_id, image, split="unlabeled")
            for image_id, image in zip(ids, slices, strict=True)
        ]
        return [replace(item, group=self._block(item.image)) for item in labeled + unlabeled]

    def _block(self, image: Path) -> str:
        return f"block-{int(number(image) or 0) // self.block}"

    def _is_home(self, folder: Path) -> bool:
        return bool(list_files(folder / "labeled" / self.images, SUFFIXES))


def _with_split(items: list[Item], path: Path) -> list[Item]:
    split_of = read_split(path)
    stems = {item.image.stem for item in items}
    problems = [f"in no part of {path}: {i.image}" for i in items if i.image.stem not in split_of]
    problems += [f"{path}: no slice {stem}" for stem in split_of if stem not in stems]
    refuse(path.parent, problems)
    return [replace(item, split=split_of[item.image.stem]) for item in items]


def read_split(path: Path) -> dict[str, str]:
    """Read the part, `train`, `val` or `test`, of each slice, by its stem.

    Raises:
        FrugalsegError: the file is missing, is no JSON, or is no table of those parts.
    """
    try:
        table = json.loads(path.read_text("utf-8"))
        return {str(stem): part for part in PARTS for stem in table[part]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FrugalsegError(
            f"{path}: expected JSON with lists of slices under {', '.join(PARTS)}, found "
            f"{type(error).__name__}: {error}. Set reference_split to false to do without."
        ) from error
