"""Micro-tomography slices (DTU 02456, project 21): few labeled, many unlabeled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import PositiveInt

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.match import match_by_name
from frugalseg.ingest.pairing import MASK_SUFFIXES, list_files, number, refuse
from frugalseg.ingest.readers.reader import Part, Reader, make_items, unlabeled_items
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

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

    name = "microct"
    license = "course data without a license: research use only"
    citation = "DTU course 02456 Deep Learning, project 21, micro-tomography slices"
    homepage = "https://github.com/nadialeal/02456-DL-Project"
    archive_url = "manual:https://github.com/nadialeal/02456-DL-Project"
    mask = MaskParams(method="otsu")
    layout = "the folder labeled/Original_images/ (or `images` in the options) with slices"
    tables = frozenset({"splits/split.json"})

    classes: tuple[str, ...] = ("particle",)
    images: str = "Original_images"
    masks: str = "Original_masks"
    block: PositiveInt = 4
    reference_split: bool = False

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the labeled and the unlabeled slices."""
        pairs, problems, rule = match_by_name(
            list_files(home / "labeled" / self.images, SUFFIXES),
            list_files(home / "labeled" / self.masks, SUFFIXES | MASK_SUFFIXES),
        )
        slices = list_files(home / "unlabeled", SUFFIXES)
        every = [image for image, _ in pairs] + slices
        problems += [f"no slice number in its name: {p}" for p in every if number(p) is None]
        yield make_items(pairs, paired_by=rule), problems
        yield unlabeled_items(slices, [image.stem for image in slices]), []

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the slices with their block and, if the options ask for it, their split."""
        if self.reference_split:
            items = _with_split(items, home / "splits" / "split.json")
        blocks = [int(number(item.image) or 0) // self.block for item in items]
        return [replace(i, group=f"block-{b}") for i, b in zip(items, blocks, strict=True)]


def _with_split(items: list[Item], path: Path) -> list[Item]:
    split_of = read_split(path)
    images = {item.image.stem: item.image for item in items if item.split is None}
    problems = [f"in no part of {path}: {images[s]}" for s in images if s not in split_of]
    problems += [f"{path}: no slice {stem}" for stem in split_of if stem not in images]
    refuse(path.parent, problems, "Name every slice once, in one part.")
    return [replace(i, split=i.split or split_of[i.image.stem]) for i in items]


def read_split(path: Path) -> dict[str, str]:
    """Read the part of each slice, by its stem; raises FrugalsegError if the file is malformed."""
    try:
        table = json.loads(path.read_text("utf-8"))
        return {str(stem): part for part in PARTS for stem in table[part]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FrugalsegError(
            f"{path}: expected JSON with lists of slices under {', '.join(PARTS)}, found "
            f"{type(error).__name__}: {error}. Set reference_split to false to do without."
        ) from error
