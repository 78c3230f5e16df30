"""Pair images and masks by name, and list all files that do not fit."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.names import is_clutter
from frugalseg.ingest.decode import SUFFIXES

Key = Callable[[Path], str | None]
Pairs = list[tuple[Path, Path]]

MASK_SUFFIXES = frozenset({".npy", ".mat"})
"""Kinds of files, besides pictures, that hold masks."""

MASK_ENDING = re.compile(r"[-_ ](gt|mask|label|anno|annotation|seg)$", re.IGNORECASE)
_FURTHER_SUFFIXES = SUFFIXES | MASK_SUFFIXES | {".nii", ".dcm", ".heic"}
_DEPTH = 3
_SHOWN = 100
_HINTS = 5


def normalize(name: str) -> str:
    """Return a name in the Unicode form NFC; macOS writes NFD."""
    return unicodedata.normalize("NFC", name)


def stem(path: Path) -> str:
    """Return the file name without its suffix, normalized."""
    return normalize(path.stem)


def bare_stem(path: Path) -> str:
    """Return the stem without `_mask`, `_GT`, `_label`, `_anno` or `_seg` at its end.

    Suffixes of pictures before or after it are left out too: `a.tif_mask.png` gives `a`.
    """
    name = MASK_ENDING.sub("", _without_suffixes(stem(path)))
    return _without_suffixes(name)


def number(path: Path) -> str | None:
    """Return the last number in the stem, without leading zeros; None if there is none."""
    digits = re.findall(r"\d+", path.stem, re.ASCII)
    return digits[-1].lstrip("0") or "0" if digits else None


def pair(
    images: Sequence[Path], masks: Sequence[Path], *, image_key: Key = stem, mask_key: Key = stem
) -> tuple[Pairs, list[str]]:
    """Pair the images and masks whose keys are equal.

    Returns:
        (image, mask) in the order of `images`, and the problems found: images without a mask,
        masks without an image, several files of one key.
    """
    by_key, problems = _unique(masks, mask_key, "masks")
    image_by_key, doubled = _unique(images, image_key, "images")
    problems += doubled
    pairs = [(image, by_key[key]) for key, image in image_by_key.items() if key in by_key]
    problems += [f"image without a mask: {p}" for k, p in image_by_key.items() if k not in by_key]
    problems += [f"mask without an image: {p}" for k, p in by_key.items() if k not in image_by_key]
    return pairs, problems


def list_files(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """List the files directly in `folder` with one of `suffixes`, in any case, in natural order.

    Clutter is left out, see `is_clutter`; a missing folder counts as empty.
    """
    paths = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.suffix.lower() in suffixes and not is_clutter(path.name) and path.is_file()
    ]
    return sorted(paths, key=natural_order)


def natural_order(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Return a sort key that puts `image_9` before `image_10`."""
    parts = re.split(r"([0-9]+)", path.name)
    return [(int(p), "") if i % 2 else (-1, p) for i, p in enumerate(parts)], path.name


def find_layout(
    root: Path,
    holds: Callable[[Path], bool],
    expected: str,
    hints: Callable[[Path], Iterable[str]] = lambda folder: (),
) -> Path:
    """Return `root`, or the one folder up to three levels below it, for which `holds` is true.

    An archive may wrap its content in a folder or two. The highest level wins.

    Args:
        hints: what may keep a folder from being the one, in words.

    Raises:
        FrugalsegError: no such folder, or several on one level.
    """
    level, reasons = [root], list[str]()
    for _ in range(_DEPTH + 1):
        homes = [folder for folder in level if holds(folder)]
        if len(homes) > 1:
            raise FrugalsegError(
                f"{root}: expected {expected} once, found it in {', '.join(map(str, homes))}. "
                f"{_first(reasons) or 'Keep one of them'}."
            )
        if homes:
            return homes[0]
        reasons += [hint for folder in level for hint in hints(folder)]
        level = [child for folder in level for child in _folders(folder)]
    names = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    remedy = _first(reasons) or "Check that this is the archive of this data set"
    raise FrugalsegError(
        f"{root}: expected {expected}, found {', '.join(names[:20]) or 'nothing'}. {remedy}."
    )


def _first(hints: Sequence[str]) -> str:
    return "; ".join(list(dict.fromkeys(hints))[:_HINTS])


def image_id(name: str) -> str:
    """Return `name` with letters, digits and `._-/` only, unique where the names are.

    A name that has to be changed gets eight digits of its hash, so that `ä` and `ö` differ.
    """
    clean = re.sub(r"[^A-Za-z0-9._/-]", "_", name)
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return clean if clean == name else f"{clean}-{digest[:8]}"


def refuse(where: Path, problems: Sequence[str], remedy: str) -> None:
    """Raise one FrugalsegError that lists all `problems` and says what to do, if there are any."""
    if not problems:
        return
    count = "1 file does" if len(problems) == 1 else f"{len(problems):,} files do"
    lines = [f"{where}: {count} not fit together:"]
    lines += [f"  {problem}" for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"  and {len(problems) - _SHOWN} more")
    raise FrugalsegError("\n".join([*lines, remedy]))


def _without_suffixes(name: str) -> str:
    while Path(name).suffix.lower() in _FURTHER_SUFFIXES:
        name = Path(name).stem
    return name


def _unique(paths: Sequence[Path], key: Key, what: str) -> tuple[dict[str, Path], list[str]]:
    by_key: defaultdict[str, list[Path]] = defaultdict(list)
    problems = []
    for path in paths:
        name = key(path)
        if name is None:
            problems.append(f"nothing in its name to compare: {path}")
        else:
            by_key[name].append(path)
    problems += [
        f"several {what} of one name {name!r}: {', '.join(map(str, same))}"
        for name, same in by_key.items()
        if len(same) > 1
    ]
    return {name: same[0] for name, same in by_key.items()}, problems


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not is_clutter(p.name))
