"""Which images of a folder have no mask yet."""

from dataclasses import dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import MASK_SUFFIXES, list_files, natural_order, pair_by_name
from frugalseg.ingest.readers.folder import labeled_since, unlabeled_files


@dataclass(frozen=True)
class Candidates:
    """The images that can be labeled.

    Attributes:
        images: those without a mask, by name (path relative to the folder, with `/`), in order.
        labeled: how many others have one.
    """

    images: dict[str, Path]
    labeled: int


def find_candidates(folder: Path) -> Candidates:
    """List the images of `folder` that have no mask.

    Either `folder` holds `images/` or `unlabeled/`, with masks in its `masks/`; or it holds the
    images themselves, with masks in a `masks/` in it or beside it. An image has a mask if the data
    set `folder` would pair them by name.

    Raises:
        FrugalsegError: no folder, no image, or every image has a mask.
    """
    if not folder.is_dir():
        raise FrugalsegError(f"{folder}: expected a folder of images, found none.")
    if (folder / "images").is_dir() or (folder / "unlabeled").is_dir():
        images, labeled = _data_set(folder)
    else:
        images = list_files(folder, SUFFIXES)
        pairs, _ = pair_by_name(images, _masks(folder) or _masks(folder.parent))
        labeled = {image for image, _ in pairs}
    if not images:
        raise FrugalsegError(
            f"{folder}: found no image. Images end in {', '.join(sorted(SUFFIXES))} and lie in it, "
            "or in its images/ or unlabeled/."
        )
    unlabeled = {p.relative_to(folder).as_posix(): p for p in images if p not in labeled}
    if not unlabeled:
        raise FrugalsegError(
            f"{folder}: all {len(images)} images have a mask already. Add images, or remove masks "
            "from masks/."
        )
    return Candidates(unlabeled, len(labeled))


def _data_set(home: Path) -> tuple[list[Path], set[Path]]:
    """Return all images, and those with a mask, of a folder as the data set reads it."""
    images, added = list_files(home / "images", SUFFIXES), labeled_since(home)
    masks = set(_masks(home)) - set(added.values())
    pairs, _ = pair_by_name(images, sorted(masks, key=natural_order))
    return images + unlabeled_files(home), {image for image, _ in pairs} | set(added)


def _masks(home: Path) -> list[Path]:
    return list_files(home / "masks", SUFFIXES | MASK_SUFFIXES)
