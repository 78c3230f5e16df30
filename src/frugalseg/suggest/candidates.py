"""Which images of a folder have no mask yet."""

from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.match import match_by_name
from frugalseg.ingest.pairing import list_files, natural_order
from frugalseg.ingest.readers.folder import labeled_since, list_masks, unlabeled_files


def find_candidates(folder: Path, pattern: str | None = None) -> tuple[dict[str, Path], int]:
    """Return the images of `folder` that have no mask, in order, and how many others have one.

    Either `folder` holds `images/` or `unlabeled/`, with masks in its `masks/`; or it holds the
    images themselves, with masks in a `masks/` in it or beside it. An image has a mask if the data
    set `folder` would pair them by name. Names are paths relative to `folder`, with `/`.

    Args:
        pattern: what of the names is compared, the data set's `options: {pair: ...}`.

    Raises:
        FrugalsegError: no folder, no image, a mask that belongs to no image, or every image has a
            mask.
    """
    if not folder.is_dir():
        raise FrugalsegError(f"{folder}: expected a folder of images, found none.")
    if (folder / "images").is_dir() or (folder / "unlabeled").is_dir():
        images, labeled = _data_set(folder, pattern)
    else:
        images = list_files(folder, SUFFIXES)
        labeled = _with_mask(images, list_masks(folder) or list_masks(folder.parent), pattern)
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
    return unlabeled, len(labeled)


def _data_set(home: Path, pattern: str | None) -> tuple[list[Path], set[Path]]:
    """Return all images, and those with a mask, of a folder as the data set reads it."""
    images, (added, _) = list_files(home / "images", SUFFIXES), labeled_since(home)
    masks = set(list_masks(home)) - set(added.values())
    labeled = _with_mask(images, sorted(masks, key=natural_order), pattern)
    return images + unlabeled_files(home), labeled | set(added)


def _with_mask(images: list[Path], masks: list[Path], pattern: str | None) -> set[Path]:
    pairs = match_by_name(images, masks, pattern).pairs
    if images and (alone := sorted(set(masks) - {mask for _, mask in pairs})):
        raise FrugalsegError(
            f"{alone[0]}: belongs to no image by its name, like {len(alone) - 1} other masks. "
            r"Rename them, or say which part of the names counts, e.g. --pair '^(\d+)_'."
        )
    return {image for image, _ in pairs}
