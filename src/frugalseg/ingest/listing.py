"""How the files of a data set were paired, and which of them are not read."""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from frugalseg.core.text import plural
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import MASK_SUFFIXES
from frugalseg.ingest.sample import Item

PICTURES = frozenset(
    {".heic", ".heif", ".jp2", ".jxl", ".psd", ".svg", ".tga", ".exr", ".dng", ".cr2", ".nef"}
    | {".arw", ".dcm", ".nii", ".nrrd", ".czi", ".svs", ".ndpi"}
)
"""Kinds of pictures that are not read."""
SHOWN = 20
"""Unread files and folders that are named for each reason."""
CLUTTER = "hidden, or added by a system"
LAYOUT = "the layout of the data set"


class PairRule(NamedTuple):
    """Images and masks that were paired in one way.

    Attributes:
        rule: what was compared, in words. images: how many.
        examples: the first, the middle and the last pair, relative to the data set.
    """

    rule: str
    images: int
    examples: list[tuple[str, str]]

    def text(self) -> str:
        """Return one line for the log."""
        examples = ", ".join(f"{image} with {mask}" for image, mask in self.examples)
        pairs = plural(self.images, "pair")
        return f"{pairs} of image and mask by {self.rule}, such as {examples}"


class Unread(NamedTuple):
    """Files that are not read for one reason.

    Attributes:
        files: how many. names: the first of them, or of their folders, relative to the data set;
            at the end how many names are left out, if any.
    """

    reason: str
    files: int
    names: list[str]

    def text(self) -> str:
        """Return one line for the log."""
        return f"not read, {self.reason} ({plural(self.files, 'file')}): {', '.join(self.names)}"


def summarize_pairs(items: Sequence[Item], root: Path) -> list[PairRule]:
    """Return how many items were paired by each rule, the most frequent first."""
    by_rule: defaultdict[str, list[tuple[Path, Path]]] = defaultdict(list)
    for item in items:
        if item.mask is not None:
            by_rule[item.paired_by or LAYOUT].append((item.image, item.mask))
    rules = []
    for rule, pairs in by_rule.items():
        shown = [pairs[n] for n in sorted({0, len(pairs) // 2, len(pairs) - 1})]
        examples = [(_within(root, image), _within(root, mask)) for image, mask in shown]
        rules.append(PairRule(rule, len(pairs), examples))
    return sorted(rules, key=lambda rule: -rule.images)


def _within(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def list_unread(root: Path, files: Collection[Path], clutter: Sequence[str] = ()) -> list[Unread]:
    """List what lies below `root` besides `files`, which were read.

    Every file is counted once: by itself, or with the folder none of whose files was read.

    Args:
        clutter: names of files that were not unpacked.
    """
    return _by_reason([*((CLUTTER, name, 1) for name in clutter), *_walk(root, files)])


def list_other_pictures(root: Path) -> list[Unread]:
    """List the pictures below `root` of kinds that are not read."""
    pictures = [path for path in sorted(root.rglob("*")) if path.suffix.lower() in PICTURES]
    return _by_reason([(_reason(path), _within(root, path), 1) for path in pictures])


def _by_reason(found: Iterable[tuple[str, str, int]]) -> list[Unread]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    counts = Counter[str]()
    for reason, name, count in found:
        names[reason].append(name)
        counts[reason] += count
    return [Unread(reason, counts[reason], _first(names[reason])) for reason in sorted(names)]


def _first(names: list[str]) -> list[str]:
    more = len(names) - SHOWN
    return names[:SHOWN] + ([f"and {more:,} more"] if more > 0 else [])


def _walk(root: Path, files: Iterable[Path]) -> Iterator[tuple[str, str, int]]:
    read: defaultdict[Path, set[str]] = defaultdict(set)
    for file in files:
        read[file.parent].add(file.name)
    homes = {home for folder in read for home in (folder, *folder.parents)}
    for here, folders, names in os.walk(root):
        parent = Path(here)
        folders.sort()
        for name in list(folders):
            path = parent / name
            if path not in homes:
                folders.remove(name)
                count = sum(len(below) for _, _, below in os.walk(path))
                yield "in a folder outside the layout", f"{_within(root, path)}/", count
        for name in sorted(set(names) - read[parent]):
            path = parent / name
            yield _reason(path), _within(root, path), 1


def _reason(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return f"pictures of the kind {suffix}, to be saved as PNG or TIFF"
    if suffix in SUFFIXES | MASK_SUFFIXES:
        return "outside the layout"
    return f"of the kind {suffix}" if suffix else "without a suffix"
