"""What arguments of several commands mean: numbers within bounds, a device, files to be written."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.errors import FrugalsegError

if TYPE_CHECKING:
    import torch

DEVICE_HELP = "cpu, cuda, cuda:1; default: cuda if there"


def pick_device(name: str) -> torch.device:
    """Return the device of a name; `auto` is the first GPU, or else the processor.

    Raises:
        FrugalsegError: there is no such device.
    """
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise FrugalsegError(
            f"--device {name} cannot be used here: {reason} Try --device cpu."
        ) from error
    return device


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
