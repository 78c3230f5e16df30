"""Several binary mask files an image -> one file of class numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import some
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.mask.methods import MaskRule, classify
from frugalseg.ingest.mask.raw import read_mask
from frugalseg.ingest.mask.values import Kind, measure
from frugalseg.ingest.pairing import MASK_SUFFIXES
from frugalseg.ingest.sample import Item

_CLEAR = {Kind.BLANK, Kind.FLAT, Kind.TWO}
_WHITE = 127.0


def merge_masks(root: Path, pattern: str, classes: tuple[str, ...], max_pixels: int) -> None:
    """Replace the files in each folder `masks` below `root` by one an image, named like it.

    In a file, everything but 0 is the class; of gray masks with edges or noise what is above 127.
    Where classes overlap, the later of `classes` lies on top.

    Args:
        root: the unpacked archive.
        pattern: path of a mask in `masks`, without its suffix: `{image}` stands for the image's
            name, `{class}` for a class, `*` for anything, such as an object's number.
        max_pixels: height x width above which a file is refused unread.

    Raises:
        FrugalsegError: a pattern that does not fit the classes, files that do not fit the pattern,
            are of different sizes, or hold more than a binary mask.
    """
    expression = _compile(pattern, classes)
    folders = [path for path in sorted(root.rglob("masks")) if path.is_dir()]
    if not folders:
        raise FrugalsegError(f"{root}: no folder masks, where mask.pattern looks for files.")
    for folder in folders:
        by_image = _find(folder, expression, pattern)
        for image, files in by_image.items():
            merged = _merge(image, files, classes, max_pixels)
            for path, _ in files:
                path.unlink()
            target = folder / f"{image}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(merged).save(target, "PNG")


def _compile(pattern: str, classes: tuple[str, ...]) -> re.Pattern[str]:
    if pattern.count("{image}") != 1 or pattern.count("{class}") != (len(classes) > 1):
        least = "{image}_{class}" if len(classes) > 1 else "{image}/*"
        raise FrugalsegError(
            f"mask.pattern {pattern!r}: expected {{image}} once and, of several classes, {{class}} "
            f"once, such as {least!r}."
        )
    parts = {
        "{image}": "(?P<image>[^/]+)",
        "{class}": f"(?P<label>{'|'.join(map(re.escape, sorted(classes, key=len, reverse=True)))})",
        "*": "[^/]*",
    }
    pieces = re.split(r"(\{image\}|\{class\}|\*)", pattern.strip("/"))
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))


def _find(
    folder: Path, expression: re.Pattern[str], pattern: str
) -> dict[str, list[tuple[Path, str]]]:
    """Return the mask files of each image with their classes."""
    by_image: defaultdict[str, list[tuple[Path, str]]] = defaultdict(list)
    unmatched = []
    for path in _mask_files(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        match = expression.fullmatch(name)
        if match is None:
            unmatched.append(str(path))
        else:
            label = match.groupdict().get("label") or ""
            by_image[match["image"]].append((path, label))
    if unmatched:
        raise FrugalsegError(
            f"{len(unmatched)} files do not fit mask.pattern {pattern!r}: {some(unmatched)}. "
            "Correct the pattern or the names, or move the files."
        )
    return dict(by_image)


def _mask_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        is_mask = path.suffix.lower() in SUFFIXES | MASK_SUFFIXES
        if is_mask and not is_hidden and path.is_file():
            yield path


def _merge(
    image: str, files: list[tuple[Path, str]], classes: tuple[str, ...], max_pixels: int
) -> NDArray[np.uint8]:
    merged: NDArray[np.uint8] | None = None
    for path, label in sorted(files, key=lambda file: classes.index(file[1] or classes[0])):
        raw = read_mask(path, max_pixels=max_pixels, palette="gray")
        values = measure(raw, path)[0]
        is_clear = values.kind in _CLEAR
        if not is_clear and not (values.kind is Kind.GRAY or values.is_lossy):
            raise FrugalsegError(
                f"{path}: expected a binary mask, of 0 and one other value, found {values}. Set "
                "another mask method, or correct the file."
            )
        rule = MaskRule("nonzero") if is_clear else MaskRule("otsu", threshold=_WHITE)
        foreground = classify(rule, raw, Item(image, path, path))
        if merged is None:
            merged = np.zeros(foreground.shape, np.uint8)
        if foreground.shape != merged.shape:
            raise FrugalsegError(
                f"{path}: a mask of {foreground.shape[0]} x {foreground.shape[1]} pixels, but "
                f"{files[0][0]} has {merged.shape[0]} x {merged.shape[1]}. Give all masks of an "
                "image its size."
            )
        merged[foreground > 0] = classes.index(label or classes[0]) + 1
    if merged is None:
        raise ValueError("no files")
    return merged
