"""Ways of comparing the names of images with those of masks."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from frugalseg.ingest.pairing import bare_stem, stem

MOST = 16
"""Words, or numbers, of a name that are compared one by one."""

Words = tuple[str, ...]
Keys = list[str | None]


class Reading(NamedTuple):
    """A way of comparing names: the key of each image and mask, None for a name without one."""

    rule: str
    images: Keys
    masks: Keys

    def links(self) -> dict[int, int]:
        """Return mask -> image, by position, for each key that one image and one mask have."""
        images = _once(self.images)
        return {place: images[key] for key, place in _once(self.masks).items() if key in images}

    def shared(self) -> int:
        """Return the number of keys of images and masks that one image or one mask alone has."""
        both = set(self.images) & set(self.masks)
        return len(both & ({*_once(self.images)} | {*_once(self.masks)}))


def whole_names(images: Sequence[Path], masks: Sequence[Path]) -> Iterator[Reading]:
    """Yield the readings that compare names from beginning to end, the strictest first."""
    stems: Keys = [stem(path) for path in images]
    yield Reading("equal names", stems, [stem(path) for path in masks])
    ending = "equal names, the mask's with an ending such as _mask"
    yield Reading(ending, stems, [bare_stem(path) for path in masks])
    yield Reading(
        "equal names but for case, leading zeros and separators",
        [_key(words(path)) for path in images],
        [_key(words(path)) for path in masks],
    )


def parts_of_names(images: Sequence[Path], masks: Sequence[Path]) -> list[list[Reading]]:
    """Return groups of readings that compare parts of names; within a group none is better.

    Groups, the strictest first: all words but those that all images or all masks begin or end with;
    all numbers; beginnings and ends; any one number.
    """
    both = [words(path) for path in images], [words(path) for path in masks]
    numbers = [[tuple(w for w in name if w.isdigit()) for name in names] for names in both]
    longest = min(MOST, max(len(name) for names in both for name in names))
    ends: list[Reading] = []
    for count in range(1, longest + 1):
        for rule, part in (("beginnings", slice(count)), ("ends", slice(-count, None))):
            keys = [[_part_key(name, part) for name in names] for names in both]
            ends.append(Reading(f"equal {rule} of the names", *keys))
    columns = [
        Reading(f"{one} of the image's name and {other} of the mask's", keys, others)
        for (one, keys), (other, others) in product(*(list(_columns(side)) for side in numbers))
    ]
    rule = "equal names but for what all images or all masks share"
    return [
        [Reading(rule, *map(_varying, both))],
        [Reading("equal numbers in the names", *([_key(n) for n in side] for side in numbers))],
        ends,
        columns,
    ]


def words(path: Path) -> Words:
    """Return runs of letters, in lower case, and of digits, without leading zeros, of a name.

    Example: the name of a mask.

        >>> words(Path("Image_01L_mask.tif.png"))
        ('image', '1', 'l')
    """
    text = unicodedata.normalize("NFC", bare_stem(path).casefold())
    runs = re.findall(r"[0-9]+|[^\W0-9_]+", text)
    return tuple(run.lstrip("0") or "0" if run.isdigit() else run for run in runs)


def _key(name: Words) -> str | None:
    return "_".join(name) or None


def _part_key(name: Words, part: slice) -> str | None:
    """Return a part as a key, None if the numbers of the name lie elsewhere (`img` of `img_7`)."""
    has_number = any(word.isdigit() for word in name)
    key = name[part]
    return None if has_number and not any(word.isdigit() for word in key) else _key(key)


def _once(keys: Keys) -> dict[str, int]:
    places: dict[str, int] = {}
    several: set[str] = set()
    for place, key in enumerate(keys):
        if key is not None and places.setdefault(key, place) != place:
            several.add(key)
    return {key: place for key, place in places.items() if key not in several}


def _varying(names: Sequence[Words]) -> Keys:
    """Return the names without the words that all begin with or end with; none of a single one."""
    if len(names) < 2:
        return [None]
    first = _shared(names)
    last = _shared([name[first:][::-1] for name in names])
    return ["_".join(name[first : len(name) - last]) for name in names]


def _shared(names: Sequence[Words]) -> int:
    """Return how many words all names begin with."""
    count = 0
    for column in zip(*names, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def _columns(numbers: Sequence[Words]) -> Iterator[tuple[str, Keys]]:
    """Yield the first, second ... and last number of all names, where no two names share it."""
    most = min(MOST, max(map(len, numbers)))
    for place in (*range(most), *range(-1, -most - 1, -1)):
        name = f"number {place + 1}" if place >= 0 else f"number {-place} from the end"
        at = place if place >= 0 else -place - 1
        column: Keys = [own[place] if at < len(own) else None for own in numbers]
        if len(_once(column)) == len(column):
            yield name, column
