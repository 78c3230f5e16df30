"""A user's own folder: `images/` + `masks/`, and whatever of test, validation, unlabeled exists."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest import pairing
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.readers.reader import Part, Reader, make_items, unlabeled_items
from frugalseg.ingest.sample import Item

PARTS = {"": None, "train": "train", "val": "val", "valid": "val", "test": "test"}
"""Folder, beside or instead of which `images/` and `masks/` lie -> official split."""


@dataclass(frozen=True)
class Folder(Reader):
    """Images and masks in folders, paired by stem, or else by the number in their names.

    Layout: `images/` + `masks/`; if there are official splits, `train/`, `val/` (or `valid/`) and
    `test/` with `images/` + `masks/` in each, or flat with masks named `x_mask.png` beside `x.png`;
    `unlabeled/`, whose images are labeled ones as soon as `masks/` holds a mask of their stem;
    `groups.csv` with the columns `image` (file name or stem) and `group`.
    """

    name = "folder"
    license = "as its owner says"
    citation = ""
    homepage = ""
    layout = "a folder images/ (or train/images/) beside masks/"

    classes: tuple[str, ...] = ("foreground",)

    def is_home(self, folder: Path) -> bool:
        """Say whether `folder` holds images and masks."""
        return any((folder / part / "images").is_dir() for part in ("", "train")) or (
            (folder / "unlabeled").is_dir() and (folder / "masks").is_dir()
        )

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the images of each official split, or of the one part, and the unlabeled ones."""
        added = labeled_since(home)
        for part, split in PARTS.items():
            pairs, problems = _part_pairs(home / part, {} if part else added)
            yield make_items(pairs, f"{part}/" if part else "", split=split), problems
        images = [path for path in unlabeled_files(home) if path not in added]
        # without a mask to pair, two images may share a stem: the suffix tells them apart
        stems = Counter(image.stem for image in images)
        names = [image.stem if stems[image.stem] == 1 else image.name for image in images]
        both = (home / "images").is_dir() and (home / "train" / "images").is_dir()
        problem = f"images both in {home / 'images'} and in {home / 'train' / 'images'}"
        yield unlabeled_items(images, names), [problem] if both else []

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the items with their groups in `groups.csv`, if there is one."""
        table = home / "groups.csv"
        if not table.is_file():
            return items
        group_of = read_groups(table)
        valid_names = {name for item in items for name in (item.image.name, item.image.stem)}
        unknown = [name for name in group_of if name not in valid_names]
        pairing.refuse(home, [f"{table}: no image of the name {name}" for name in unknown])
        return [
            replace(item, group=group_of.get(item.image.name) or group_of.get(item.image.stem))
            for item in items
        ]


def labeled_since(home: Path) -> dict[Path, Path]:
    """Return the images of `unlabeled/` that have a mask in `masks/` of their stem, with that mask.

    The mask's stem may end in `_mask` and the like. Masks of images in `images/` are left out.
    """
    own = {path.stem for path in pairing.list_files(home / "images", SUFFIXES)}
    unlabeled = {path.stem: path for path in unlabeled_files(home) if path.stem not in own}
    masks = pairing.list_files(home / "masks", SUFFIXES | pairing.MASK_SUFFIXES)
    named = [(name, mask) for mask in masks for name in (mask.stem, pairing.bare_stem(mask))]
    return {unlabeled[name]: mask for name, mask in named if name in unlabeled}


def unlabeled_files(home: Path) -> list[Path]:
    """List the images in `unlabeled/`, or in `unlabeled/images/` if there is one."""
    inside = home / "unlabeled"
    return pairing.list_files(
        inside / "images" if (inside / "images").is_dir() else inside, SUFFIXES
    )


def _part_pairs(folder: Path, added: Mapping[Path, Path]) -> tuple[pairing.Pairs, list[str]]:
    if (folder / "images").is_dir() or (folder / "masks").is_dir():
        taken = set(added.values())
        masks = pairing.list_files(folder / "masks", SUFFIXES | pairing.MASK_SUFFIXES)
        pairs, problems = pairing.pair_by_name(
            pairing.list_files(folder / "images", SUFFIXES),
            [mask for mask in masks if mask not in taken],
        )
        return pairs + list(added.items()), problems
    return _flat_pairs(folder) if folder.name in PARTS else ([], [])


def _flat_pairs(folder: Path) -> tuple[pairing.Pairs, list[str]]:
    files = pairing.list_files(folder, SUFFIXES | pairing.MASK_SUFFIXES)
    masks = [file for file in files if pairing.MASK_ENDING.search(file.stem)]
    images = [file for file in files if file not in set(masks)]
    return pairing.pair(images, masks, mask_key=pairing.bare_stem)


def read_groups(table: Path) -> dict[str, str]:
    """Read `groups.csv`: file name or stem -> group; raises FrugalsegError if it is malformed."""
    try:
        rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FrugalsegError(f"{table}: expected a CSV file in UTF-8 ({error}).") from error
    if not rows or not {"image", "group"} <= set(rows[0]):
        columns = list(rows[0]) if rows else "no rows"
        raise FrugalsegError(f"{table}: expected the columns image and group, found {columns}.")
    return {row["image"].strip(): row["group"].strip() for row in rows if row["image"]}
