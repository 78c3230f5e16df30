"""Sections that apply to a whole study: costs, contrasts, published numbers, evaluation, report."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import (
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from frugalseg.settings.section import Name, Section


class CostParams(Section):
    """What a label costs, in seconds: a mask, a region and each kilopixel of it, a tag.

    `mark_seconds`: each stroke, point or box, by the kind of drawing (`frugalseg.data.kinds`). An
    image that they are drawn on costs `tag_seconds` as well.
    """

    mask_seconds: PositiveFloat = 60.0
    region_seconds: NonNegativeFloat = 0.0
    region_seconds_per_kilopixel: PositiveFloat = 2.0
    tag_seconds: PositiveFloat = 1.0
    mark_seconds: dict[str, NonNegativeFloat] = {}
    price_per_hour: PositiveFloat = 30.0


Claim = Literal["superior", "not_worse", "equivalent"]

Spending = Literal["linear", "obrien_fleming"]
"""How looks spend the error rate; see `frugalseg.statistics.sequential`."""

Order = Literal["holm", "fixed", "fallback"]
"""How the error rate passes along a plan of contrasts; see `frugalseg.statistics.order`."""


class LooksParams(Section):
    """Numbers of seeds at which `frugalseg decide` tests the planned contrasts, one after another.

    Attributes:
        looks: numbers of seeds, increasing; seeds are counted from 0.
        hours: the most that one call may take for a data set; None sets no limit.
    """

    looks: list[Annotated[int, Field(ge=2)]]
    spending: Spending = "linear"
    hours: PositiveFloat | None = None

    @field_validator("looks")
    @classmethod
    def _looks_increase(cls, looks: list[int]) -> list[int]:
        if len(looks) < 2 or any(later <= earlier for earlier, later in pairwise(looks)):
            raise ValueError("expected at least two numbers of seeds, increasing")
        return looks


class ContrastParams(Section):
    """A comparison of two arms that is planned before any result exists; its claim is about `a`.

    Attributes:
        metric: name in scores.csv.
        at: `final` = the last round of each arm; a number in (0, 1] = that labeled fraction of the
            training pool, read off each seed's budget curve by linear interpolation.
        claim: `superior` (a is better than b), `not_worse` (not worse than b by as much as
            `margin`), `equivalent` (differs from b by less than `margin`).
        margin: in units of the metric, >= 0. Under `superior` the smallest difference that matters:
            a smaller one can be shown to be practically none; 0 leaves that out.
        weight: first share of the error rate, relative to those of the data set's other contrasts.
    """

    a: Name
    b: Name
    metric: str = "dice"
    at: Literal["final"] | Annotated[float, Field(gt=0, le=1)] = "final"
    claim: Claim = "superior"
    margin: Annotated[float, Field(ge=0)] = 0.0
    weight: Annotated[float, Field(ge=0)] = 1.0

    @model_validator(mode="after")
    def _arms_and_margin_fit_the_claim(self) -> "ContrastParams":
        if self.a == self.b:
            raise ValueError(f"a contrast needs two different arms, found {self.a!r} twice")
        if self.claim != "superior" and self.margin == 0:
            raise ValueError(f"claim {self.claim!r} needs a 'margin' above 0")
        return self

    @property
    def tests_sameness(self) -> bool:
        """Return whether "practically the same" is tested beside the claim."""
        return self.claim == "superior" and self.margin > 0


class PublishedParams(Section):
    """A published number and the arms that are shown beside it.

    Attributes:
        arm: uses the published recipe; its mean of `metric` at `threshold` after its last round
            is compared with `value`.
        name: what the source calls its number, if that is not `metric`.
        corrected: uses the recipe without its faults; scored by `corrected_metric` (default:
            `metric`) at the threshold chosen on validation.
        note: why the numbers are not fully comparable.
    """

    metric: str
    value: float
    source: str
    arm: Name
    name: str = ""
    threshold: Literal["half", "validation", "patch", "patch_half"] = "half"
    corrected: Name | None = None
    corrected_metric: str | None = None
    note: str = ""


class EvaluationParams(Section):
    """Evaluation on the test split.

    `samples` is the number of test images whose predictions the first seed keeps for the report.
    With several `passes`, models with dropout predict the mean of as many stochastic passes.
    """

    samples: PositiveInt | Literal["all"] = "all"
    passes: PositiveInt = 1


class StatisticsParams(Section):
    """Error rates, the order in which contrasts are tested, and resampling."""

    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    order: Order = "holm"
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    resamples: PositiveInt = 10_000
    seed: int = 0


class ReportParams(Section):
    """What the report shows.

    Attributes:
        metric: of the figures and of the answer; `auto`: that of a data set's first contrast.
    """

    metric: str = "auto"
    samples: PositiveInt = 6
    goal: Annotated[float, Field(gt=0, le=1)] = 0.95
    currency: str = "€"
    watts_per_core: PositiveFloat = 12.0
    watts_per_gpu: PositiveFloat = 200.0
