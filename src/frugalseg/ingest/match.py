"""Pair images and masks by whatever part of their names gives each image one mask."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.name_readings import Keys, Reading, parts_of_names, whole_names
from frugalseg.ingest.pairing import Pairs, pair, stem

SECONDS = 10.0
"""Time that a user's pattern may take."""
# A search in Python cannot be stopped, and a pattern such as (a+)+$ takes years on a long name.
_SEARCH = (
    "import json, re, sys; pattern, names = json.load(sys.stdin); search = re.compile(pattern)"
    ".search; json.dump([(hit := search(name)) and hit[1] for name in names], sys.stdout)"
)


class Match(NamedTuple):
    """Which images and masks belong together.

    Attributes:
        pairs: (image, mask), in the order of the images.
        problems: a line for each file that does not fit.
        rule: which part of the names was compared, in words.
    """

    pairs: Pairs
    problems: list[str]
    rule: str


def match_by_name(
    images: Sequence[Path], masks: Sequence[Path], pattern: str | None = None
) -> Match:
    """Pair images and masks by the first of these that gives every image one mask.

    The whole name; the name without an ending of the mask's (`_mask`); the name but for case,
    leading zeros and separators; but for what all images or all masks share; all its numbers; its
    beginning, its end or one of its numbers. One way serves all files, so that a left-over image
    never gets the mask that happens to have its number.

    Args:
        pattern: a regular expression with one group, which is compared instead of all these; it is
            searched in the names without suffix.

    Raises:
        FrugalsegError: two parts of the names give each image one mask, but not the same; or the
            pattern is not valid or takes too long.
    """
    if not images or not masks:
        return _result(images, masks, next(whole_names(images, masks)))
    if pattern is not None:
        return _result(images, masks, _by_pattern(images, masks, pattern))
    whole = []
    for reading in whole_names(images, masks):
        if len(reading.links()) == len(images) == len(masks):
            return _result(images, masks, reading)
        whole.append(reading)
    if any(reading.links() for reading in whole):
        return _result(images, masks, max(whole, key=Reading.shared))
    varying, numbers, ends, columns = parts_of_names(images, masks)
    groups = [varying, numbers, ends, columns]
    if len(images) == len(masks):
        groups = [varying, numbers, ends + columns]
    for group in groups:
        if fitting := [reading for reading in group if len(reading.links()) == len(masks)]:
            _check_agreement(images, masks, fitting)
            return _result(images, masks, fitting[0])
    every = [*whole, *varying, *numbers, *ends, *columns]
    return _result(images, masks, max(every, key=Reading.shared))


def _check_agreement(
    images: Sequence[Path], masks: Sequence[Path], readings: Sequence[Reading]
) -> None:
    first, *others = readings
    links = first.links()
    for other in others:
        for mask, image in other.links().items():
            if links[mask] != image:
                raise FrugalsegError(
                    f"The names can be read in two ways: {masks[mask]} belongs to "
                    f"{images[links[mask]]} by {first.rule}, and to {images[image]} by "
                    f"{other.rule}. Rename them, or say which part counts, e.g. options: "
                    r"{pair: '^(\d+)_'}."
                )


def _result(images: Sequence[Path], masks: Sequence[Path], reading: Reading) -> Match:
    image_keys = dict(zip(images, reading.images, strict=True))
    mask_keys = dict(zip(masks, reading.masks, strict=True))
    pairs, problems = pair(
        images, masks, image_key=image_keys.__getitem__, mask_key=mask_keys.__getitem__
    )
    return Match(pairs, problems, reading.rule)


def _by_pattern(images: Sequence[Path], masks: Sequence[Path], pattern: str) -> Reading:
    keys = _search(pattern, [stem(path) for path in (*images, *masks)])
    return Reading("the pattern of options.pair", keys[: len(images)], keys[len(images) :])


def _search(pattern: str, names: Sequence[str]) -> Keys:
    """Return what the group of `pattern` matches in each name, None where it matches nothing."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _SEARCH],
            input=json.dumps([pattern, names]),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise FrugalsegError(
            f"options.pair: {pattern!r} took more than {SECONDS:g} s for {len(names)} names. "
            "Leave out repeats of repeats, such as (a+)+."
        ) from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines()[-1:]
        raise FrugalsegError(
            f"options.pair: expected a regular expression with one group, found {pattern!r} "
            f"({''.join(reason)})."
        ) from error
    keys: Keys = json.loads(done.stdout)
    return keys
