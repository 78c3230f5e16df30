"""A drawn picture, and the random generator of each."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Part = Literal["train", "test", "unlabeled"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class Picture:
    """One image with its mask.

    Attributes:
        number: counts from 0 in its part.
        image: uint8, H x W (gray) or H x W x 3.
        mask: uint8, H x W; 0 = background, 255 (binary scenes) or 1..K = defect.
        group: pictures of one group belong on one side of a split.
    """

    part: Part
    number: int
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    group: str | None = None


def generator(seed: int, part: Part, number: int) -> np.random.Generator:
    """Return the generator of one picture, so that more pictures do not change earlier ones."""
    return np.random.default_rng([seed, PARTS.index(part), number])


def is_positive(number: int, positives: float) -> bool:
    """Say whether picture `number` shows a defect: round(n * positives) of the first n do."""
    return int((number + 1) * positives + 0.5) > int(number * positives + 0.5)
