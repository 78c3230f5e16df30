"""A user's own folder: `images/` + `masks/`, and whatever of test, validation, unlabeled exists."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from frugalseg.ingest import pairing
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.match import Match, match_by_name
from frugalseg.ingest.readers.groups import group_items
from frugalseg.ingest.readers.near_names import near_names
from frugalseg.ingest.readers.reader import Part, Reader, make_items, unlabeled_items
from frugalseg.ingest.sample import Item

PARTS = {"": None, "train": "train", "val": "val", "valid": "val", "test": "test"}
"""Folder, beside or instead of which `images/` and `masks/` lie -> official split."""
GROUPS = "groups.csv"
INNER_NAMES: dict[str, frozenset[str]] = {
    "images/": frozenset({"image", "img", "imgs", "picture", "pictures", "photo", "photos"}),
    "masks/": frozenset({"mask", "label", "labels", "annotation", "annotations", "gt"})
    | {"groundtruth", "segmentation", "segmentations"},
}
"""Folders of a part -> other words for them."""
NAMES: Mapping[str, frozenset[str]] = INNER_NAMES | {
    "train/": frozenset({"training", "trn"}),
    "val/": frozenset({"validation", "dev"}),
    "valid/": frozenset(),
    "test/": frozenset({"testing", "tests", "tst"}),
    "unlabeled/": frozenset({"unlabelled", "unannotated"}),
    GROUPS: frozenset({"groups", "group", "groupcsv", "groupstxt", "groupsxlsx", "groupstsv"}),
}


@dataclass(frozen=True)
class Folder(Reader):
    """Images and masks in folders, paired by their names, see `match_by_name`.

    Layout: `images/` + `masks/`; if there are official splits, `train/`, `val/` (or `valid/`) and
    `test/` with `images/` + `masks/` in each, or flat with masks named `x_mask.png` beside `x.png`;
    `unlabeled/`, whose images are labeled ones as soon as `masks/` holds a mask of their stem;
    `groups.csv` with the columns `image` (file name or stem) and `group`.

    Attributes:
        pair: a regular expression with one group, which says what of the names is compared.
    """

    name = "folder"
    license = "as its owner says"
    citation = ""
    homepage = ""
    layout = "a folder images/ (or train/images/) beside masks/"
    tables: ClassVar[frozenset[str]] = frozenset({GROUPS})
    remedy = (
        "Give every image exactly one mask of its name, put images without a mask into unlabeled/, "
        "or leave the files out."
    )

    classes: tuple[str, ...] = ("foreground",)
    pair: str | None = None

    def is_home(self, folder: Path) -> bool:
        """Say whether `folder` holds images and masks."""
        return any((folder / part / "images").is_dir() for part in ("", "train")) or (
            (folder / "unlabeled").is_dir() and (folder / "masks").is_dir()
        )

    def near_names(self, folder: Path) -> Iterator[str]:
        """Yield a line for each entry of `folder`, and of its parts, with nearly a known name."""
        names = dict(NAMES)
        if any((folder / name).is_dir() for name in ("val", "valid")):
            names["val/"] = frozenset()
        yield from near_names(folder, names)
        for part in filter(None, PARTS):
            yield from near_names(folder / part, INNER_NAMES)
        yield from near_names(folder / "unlabeled", {"images/": INNER_NAMES["images/"]})

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the images of each official split, or of the one part, and the unlabeled ones."""
        added, problems = labeled_since(home)
        unlabeled = unlabeled_files(home)
        # two images may share a stem: the suffix tells them apart
        stems = Counter(path.stem for path in unlabeled)
        names = {path: path.stem if stems[path.stem] == 1 else path.name for path in unlabeled}
        for part, split in PARTS.items():
            match = _match_part(home / part, self.pair, set() if part else set(added.values()))
            items = make_items(
                match.pairs, f"{part}/" if part else "", split=split, paired_by=match.rule
            )
            yield items, match.problems
            if not part:
                items = make_items(list(added.items()), paired_by="equal names")
                ids = [pairing.image_id(names[item.image]) for item in items]
                yield [replace(i, image_id=d) for i, d in zip(items, ids, strict=True)], problems
        images = [path for path in names if path not in added]
        both = (home / "images").is_dir() and (home / "train" / "images").is_dir()
        problem = f"images both in {home / 'images'} and in {home / 'train' / 'images'}"
        yield unlabeled_items(images, [names[path] for path in images]), [problem] if both else []

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the items with their groups in `groups.csv`, if there is one."""
        table = home / GROUPS
        return group_items(items, table) if table.is_file() else items


def labeled_since(home: Path) -> tuple[dict[Path, Path], list[str]]:
    """Return the images of `unlabeled/` with the mask in `masks/` of their name, and problems.

    The mask's name is the image's, with or without its suffix; it may end in `_mask` and the like.
    Masks of images in `images/` are left out. Problems are masks that several images may have, and
    images that have several masks.
    """
    own = {pairing.stem(path) for path in pairing.list_files(home / "images", SUFFIXES)}
    images: defaultdict[str, list[Path]] = defaultdict(list)
    for path in unlabeled_files(home):
        if pairing.stem(path) not in own:
            images[pairing.stem(path)].append(path)
            images[pairing.normalize(path.name)].append(path)
    problems = []
    masks_of: defaultdict[Path, list[Path]] = defaultdict(list)
    for mask in list_masks(home):
        names = (
            pairing.stem(mask),
            pairing.MASK_ENDING.sub("", pairing.stem(mask)),
            pairing.bare_stem(mask),
        )
        candidates = next((images[name] for name in names if name in images), [])
        if len(candidates) > 1:
            problems.append(
                f"several images of one name: {mask} may belong to "
                f"{', '.join(map(str, candidates))}"
            )
        elif candidates:
            masks_of[candidates[0]].append(mask)
    problems += [
        f"several masks of one image: {image} has {', '.join(map(str, masks))}"
        for image, masks in masks_of.items()
        if len(masks) > 1
    ]
    return {image: masks[0] for image, masks in masks_of.items()}, problems


def list_masks(home: Path) -> list[Path]:
    """List the masks in `masks/`."""
    return pairing.list_files(home / "masks", SUFFIXES | pairing.MASK_SUFFIXES)


def unlabeled_files(home: Path) -> list[Path]:
    """List the images in `unlabeled/`, or in `unlabeled/images/` if there is one."""
    inside = home / "unlabeled"
    return pairing.list_files(
        inside / "images" if (inside / "images").is_dir() else inside, SUFFIXES
    )


def _match_part(folder: Path, pattern: str | None, taken: Collection[Path]) -> Match:
    if (folder / "images").is_dir() or (folder / "masks").is_dir():
        images = pairing.list_files(folder / "images", SUFFIXES)
        masks = [mask for mask in list_masks(folder) if mask not in taken]
        return match_by_name(images, masks, pattern)
    return _match_flat(folder) if folder.name in PARTS else Match([], [], "")


def _match_flat(folder: Path) -> Match:
    files = pairing.list_files(folder, SUFFIXES | pairing.MASK_SUFFIXES)
    masks = [file for file in files if pairing.MASK_ENDING.search(file.stem)]
    images = [file for file in files if file not in set(masks)]
    return match_by_name(images, masks)
