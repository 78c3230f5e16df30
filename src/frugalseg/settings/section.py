"""Value types that the sections of `params.yaml` share."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PositiveFloat,
    PositiveInt,
    Tag,
    model_validator,
)


def matching(pattern: str, expected: str) -> AfterValidator:
    """Return a validator that refuses text not matching `pattern`; `expected` describes it."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"expected {expected}")
        return text

    return AfterValidator(check)


Name = Annotated[
    str,
    matching(
        "[A-Za-z0-9][A-Za-z0-9_]{0,59}",
        "a name of at most 60 letters, digits and underscores that does not begin with '_'",
    ),
]
"""A name becomes a folder, a wildcard and an anchor in a page."""

Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A mapping of `params.yaml`; unknown keys, NaN and infinity are errors."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, value: Any) -> Any:
        valid_keys = sorted(cls.model_fields)
        for key in value if isinstance(value, Mapping) else ():
            if key not in valid_keys:
                near = get_close_matches(str(key), valid_keys, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise ValueError(f"unknown key {key!r}.{hint} Valid keys: {', '.join(valid_keys)}")
        return value


def _amount(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expected a share such as 0.1, or a number of images such as 20")
    if isinstance(value, float) and not 0 < value <= 1:
        raise ValueError("expected a share of the images above 0 and at most 1")
    if value <= 0:
        raise ValueError("expected a number of images of at least 1")
    return value


Amount = Annotated[int | float, BeforeValidator(_amount)]
"""A share of the training pool (a float in (0, 1]) or a number of images (an integer)."""


class QueryParams(Section):
    """How much a round buys, in exactly one of four units."""

    images: PositiveInt | None = None
    regions: PositiveInt | None = None
    pixels: PositiveInt | None = None
    seconds: PositiveFloat | None = None

    @model_validator(mode="after")
    def _has_one_unit(self) -> "QueryParams":
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("expected exactly one of 'images', 'regions', 'pixels' or 'seconds'")
        return self


EVENLY = "log"


def _kind_of_query(value: Any) -> str:
    if isinstance(value, Mapping | Section):
        return "mapping"
    return EVENLY if value == EVENLY else "amount"


Query = Annotated[
    Annotated[QueryParams, Tag("mapping")]
    | Annotated[Amount, Tag("amount")]
    | Annotated[Literal["log"], Tag(EVENLY)],
    Discriminator(_kind_of_query),
]
"""How much a round buys.

An `Amount`; `{images: N}`, `{regions: N}`, `{pixels: N}` or `{seconds: S}`; or `log`: every round
multiplies the labeled images by the same factor, and the last one ends with the whole pool.
"""


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError("expected [lowest, highest]")
    return pair


Range = Annotated[tuple[PositiveFloat, PositiveFloat], AfterValidator(_ordered)]
"""The lowest and the highest value."""


def _multiple_of_32(size: tuple[int, int]) -> tuple[int, int]:
    if any(side < 32 or side % 32 for side in size):
        raise ValueError(
            "expected a height and a width that are multiples of 32, because encoders halve an "
            "image five times"
        )
    return size


ImageSize = Annotated[tuple[int, int], AfterValidator(_multiple_of_32)]
"""Height and width in pixels."""
