"""Sections on tags: buying them, learning from them, drawing pseudo-masks from them."""

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveFloat, PositiveInt

from frugalseg.settings.section import Amount, Range, Section

Cells = Annotated[int, Field(ge=1, le=64)]


def _nested(grids: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for coarse, fine in pairwise(grids):
        if any(f % c or f < c for c, f in zip(coarse, fine, strict=True)) or coarse == fine:
            raise ValueError(
                "expected grids from coarse to fine, each a multiple of the one before, such as "
                "[[1, 1], [4, 4], [8, 8]]"
            )
    return grids


Grids = Annotated[list[tuple[Cells, Cells]], Field(min_length=1), AfterValidator(_nested)]
"""Grids of (rows, columns) of boxes, from coarse to fine; (1, 1) is the whole image."""


def one_group(pattern: str) -> str:
    """Return `pattern` if it is a regular expression with exactly one group.

    Raises:
        ValueError: it is not.
    """
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"not a valid regular expression: {error}") from None
    if groups != 1:
        raise ValueError("expected a regular expression with one group, such as '/([a-z]+)_'")
    return pattern


class TagParams(Section):
    """Which tags an arm buys.

    Boxes of a finer grid are tagged only inside boxes that hold a defect. `validation` are the
    grids of the validation images; by default the same.
    """

    share: Amount = 1.0
    grids: Grids = [(1, 1)]
    validation: Grids | None = None


class WeakParams(Section):
    """How tags train a network; see `frugalseg.training.tag_loss`."""

    pooling: Literal["max", "topk", "lse"] = "topk"
    share: Annotated[float, Field(gt=0, le=1)] = 0.02
    sharpness: PositiveFloat = 5.0
    weight: PositiveFloat = 1.0
    threshold: Literal["otsu"] | Annotated[float, Field(gt=0, lt=1)] = "otsu"
    balance: Literal["none", "tag", "source"] = "none"


class GuidedParams(Section):
    """The guided filter; see `frugalseg.inference.pseudo_masks`."""

    radius: PositiveInt = 4
    epsilon: PositiveFloat = 0.01


class PseudoParams(Section):
    """How the start arm's model draws the masks that this arm learns from.

    `threshold` is a number, or Otsu's over the boxes that hold a class. Pixels between
    `threshold` times the two factors of `band` are ignored.
    """

    scales: Annotated[list[PositiveFloat], Field(min_length=1)] = [1.0]
    flips: bool = True
    guided: GuidedParams | None = None
    threshold: Literal["otsu"] | Annotated[float, Field(gt=0, lt=1)] = "otsu"
    band: Range = (0.8, 1.2)
