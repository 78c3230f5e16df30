"""Value types shared by the sections of `params.yaml`."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    model_validator,
)

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check
from frugalseg.metrics.metric import METRICS

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$", max_length=60)]
"""Names become folders, wildcards and anchors in a page: letters, digits and underscores only."""

Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A mapping of `params.yaml`; a key that it does not know is an error naming the known ones.

    So are NaN and infinity, which YAML has and which no setting can mean.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        known = sorted(cls.model_fields)
        for key in value:
            if key not in known:
                near = get_close_matches(str(key), known, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise ValueError(f"unknown key {key!r}.{hint} Known keys: {', '.join(known)}")
        return value


def known_name(table: Mapping[str, object], what: str) -> AfterValidator:
    """Return a validator that a string is a key of the registry `table`."""

    def validate(name: str) -> str:
        try:
            return check(table, name, what)
        except FrugalsegError as error:
            raise ValueError(str(error)) from None

    return AfterValidator(validate)


Metric = Annotated[str, known_name(METRICS, "metric")]
"""The name of a metric, of whichever kind."""


def _amount(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expected a share such as 0.1, or a whole number of images such as 20")
    if isinstance(value, float) and not 0 < value <= 1:
        raise ValueError("a share must be above 0 and at most 1 (100 % of the labels)")
    if isinstance(value, int) and value < 1:
        raise ValueError("a number of images must be at least 1")
    return value


Amount = Annotated[int | float, BeforeValidator(_amount)]
"""A share of the training pool (a float in (0, 1]) or a number of images (a whole number)."""


class QueryParams(Section):
    """How much a round buys, in one of four units."""

    images: PositiveInt | None = None
    regions: PositiveInt | None = None
    pixels: PositiveInt | None = None
    seconds: PositiveFloat | None = None

    @model_validator(mode="after")
    def _one_is_given(self) -> "QueryParams":
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("give one of 'images', 'regions', 'pixels' or 'seconds'")
        return self


def _query(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value if isinstance(value, QueryParams) else _amount(value)
    try:
        return QueryParams.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = "".join(f"{part}: " for part in first["loc"])
        raise ValueError(f"{key}{first['msg'].removeprefix('Value error, ')}") from None


Query = Annotated[int | float | QueryParams, BeforeValidator(_query)]
"""An amount as above, or `{images: N}`, `{regions: N}`, `{pixels: N}`, `{seconds: S}`."""


def _multiple_of_32(size: tuple[int, int]) -> tuple[int, int]:
    if any(side < 32 or side % 32 for side in size):
        raise ValueError(
            "height and width must be multiples of 32, because encoders halve an image five times"
        )
    return size


ImageSize = Annotated[tuple[int, int], AfterValidator(_multiple_of_32)]
"""Height and width in pixels."""
