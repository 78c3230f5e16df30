"""What arguments of several commands mean: numbers within bounds, files to be written."""

from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from frugalseg.core.errors import FrugalsegError

DEVICE_HELP = "cpu, cuda, cuda:1; default: cuda if there"


def refuse_existing(files: Sequence[Path], force: bool) -> None:
    """Refuse to overwrite.

    Raises:
        FrugalsegError: without `force`, if any of `files` is there.
    """
    there = [] if force else [file for file in files if file.exists()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise FrugalsegError(
            f"{there[0]}{more} would be overwritten. Choose another name, or add --force."
        )


def tile_side(text: str) -> int:
    """Return the side of a tile, in pixels."""
    if not text.isdecimal() or int(text) < 32 or int(text) % 32:
        raise ArgumentTypeError(f"expected a multiple of 32, found {text!r}")
    return int(text)


def share(text: str) -> float:
    """Return a number of at least 0 and under 1."""
    value = _number(text)
    if not 0 <= value < 1:
        raise ArgumentTypeError(f"expected a number of at least 0 and under 1, found {text!r}")
    return value


def scale(text: str) -> float:
    """Return a factor above 0 and up to 16."""
    value = _number(text)
    if not 0 < value <= 16:
        raise ArgumentTypeError(f"expected a number above 0 and up to 16, found {text!r}")
    return value


def count(text: str) -> int:
    """Return a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
