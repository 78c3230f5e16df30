"""What all scenes share: their options, checked before anything is drawn, and their pictures."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Literal, NamedTuple, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from frugalseg.core.errors import FrugalsegError

Part = Literal["train", "test", "unlabeled"]
PARTS: tuple[Part, ...] = get_args(Part)


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError("expected [low, high] with low <= high")
    return pair


# strict, so that `true` is not a count and "12" not a number
Count = Annotated[int, Field(strict=True, ge=0)]
Side = Annotated[int, Field(strict=True, ge=32, le=4096)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Level = Annotated[float, Field(strict=True, ge=0, le=255, allow_inf_nan=False)]
Range = Annotated[tuple[Level, Level], AfterValidator(_ordered)]
"""[low, high], both at least 0, from which a value is drawn uniformly."""
CountRange = Annotated[tuple[Count, Count], AfterValidator(_ordered)]
"""[fewest, most], both included."""

CLOSED = ConfigDict(extra="forbid")

PLAIN_WORDS = {
    "unexpected_keyword_argument": "the name of a known option",
    "missing": "one more value",
    "too_short": "at least one value",
}
"""What is expected, for pydantic's error types whose own message does not say it."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SceneOptions:
    """Options that every scene has.

    Attributes:
        seed: every picture has a generator of its own, derived from it.
        images: number of pictures with a mask, for training and validation together.
        test, unlabeled: number of pictures for testing, and without a mask.
        size: height and width in pixels.
    """

    seed: Count = 0
    images: Count = 184
    test: Count = 60
    unlabeled: Count = 0
    size: tuple[Side, Side] = (96, 96)

    def counts(self) -> dict[Part, int]:
        """Return how many pictures each part holds."""
        return {"train": self.images, "test": self.test, "unlabeled": self.unlabeled}


Options = TypeVar("Options", bound=SceneOptions)


def parse(kind: type[Options], options: Mapping[str, object]) -> Options:
    """Return `options` of `params.yaml` as a `kind`; raises FrugalsegError naming every bad key."""
    try:
        return TypeAdapter(kind).validate_python(dict(options))
    except ValidationError as error:
        valid_names = ", ".join(field.name for field in fields(kind))
        lines = [_explain(detail) for detail in error.errors()]
        raise FrugalsegError("\n".join([*lines, f"Known options: {valid_names}."])) from error


def _explain(detail: ErrorDetails) -> str:
    key = ".".join(str(step) for step in detail["loc"])
    reason = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, expected ")
    expected = PLAIN_WORDS.get(detail["type"], reason)
    return f"Scene option {key!r}: found {detail['input']!r}; expected {expected}."


class Picture(NamedTuple):
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
