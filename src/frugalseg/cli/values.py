"""Arguments that several commands share: options, bounded numbers, files to write."""

import math
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from frugalseg.core.errors import FrugalsegError
from frugalseg.data import kinds

KINDS = tuple(kinds.KINDS)
"""What can be drawn in place of masks."""

Number = TypeVar("Number", int, float)


def add_prediction_arguments(parser: ArgumentParser) -> None:
    """Add the options of commands that predict images: a model, a device, an output folder."""
    parser.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a model.safetensors"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="made if missing")
    parser.add_argument("--force", action="store_true", help="replace outputs that exist")
    parser.add_argument(
        "--device", default="auto", metavar="NAME", help="cpu, cuda, cuda:1; default: cuda if there"
    )


def refuse_existing(files: Sequence[Path], force: bool) -> None:
    """Refuse to overwrite files.

    Raises:
        FrugalsegError: one of `files` exists and `force` is not set.
    """
    existing = [] if force else [file for file in files if file.exists()]
    if existing:
        more = f" and {len(existing) - 1} more" if len(existing) > 1 else ""
        raise FrugalsegError(
            f"{existing[0]}{more} would be overwritten. Choose another name, or add --force."
        )


def raise_failures(failures: Sequence[str], what: str, result: str = "") -> None:
    """Report the images or tasks that failed, after all others are done.

    Raises:
        FrugalsegError: there are failures; the message ends with `result`.
    """
    if failures:
        lines = [f"{len(failures)} {what}:", *(f"  {failure}" for failure in failures), result]
        raise FrugalsegError("\n".join(lines).rstrip())


def _bounded(
    parse: Callable[[str], Number], is_valid: Callable[[Number], bool], expected: str
) -> Callable[[str], Number]:
    def read(text: str) -> Number:
        with suppress(ValueError):
            value = parse(text)
            if is_valid(value):
                return value
        raise ArgumentTypeError(f"expected {expected}, found {text!r}")

    return read


tile_side = _bounded(int, lambda value: value >= 32 and value % 32 == 0, "a multiple of 32")
share = _bounded(float, lambda value: 0 <= value < 1, "a number of at least 0 and under 1")
scale = _bounded(float, lambda value: 0 < value <= 16, "a number above 0 and up to 16")
count = _bounded(int, lambda value: value >= 1, "a whole number from 1 on")
positive = _bounded(float, lambda value: 0 < value < math.inf, "a number above 0")
