"""An entry of `arms`: what an arm buys and how it learns."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, PositiveInt, Tag, model_validator

from frugalseg.settings.labels import TAGS, Labels, amounts
from frugalseg.settings.section import EVENLY, Amount, Name, Query, QueryParams, Section
from frugalseg.settings.strategy import (
    FixMatchParams,
    FrozenParams,
    MeanTeacherParams,
    UnlabeledParams,
)
from frugalseg.settings.tags import PseudoParams, TagParams, WeakParams


class RegionParams(Section):
    """Square windows of `size` pixels every `stride` pixels; `overlap` lets chosen ones overlap."""

    size: PositiveInt
    stride: PositiveInt
    overlap: bool = False


class StartParams(Section):
    """How an arm's first labels are chosen; see `frugalseg.acquisition.STARTS`.

    Attributes:
        by: a start; all but `tags` cost nothing besides the labels.
        features: of a start by features of the model's encoder: of the whole image, or of its patch
            that differs most from the rest.
    """

    by: str = "random"
    features: Literal["image", "patch"] = "image"


Start = Annotated[
    Annotated[StartParams, Tag("mapping")] | Annotated[Name, Tag("name")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "mapping"),
]
"""The arm whose labels and weights another one begins with, or how an arm's own are chosen."""


class ArmParams(Section):
    """One arm; its `start` arm supplies the model, training and strategy that it leaves out.

    `options` are keyword arguments of a strategy that has no section of its own.
    """

    labels: Labels | None = None
    start: Start | None = None
    acquire: str | None = None
    query: Query | None = None
    rounds: PositiveInt | None = None
    unit: Literal["image", "region"] = "image"
    region: RegionParams | None = None
    passes: PositiveInt = 1
    aggregate: Literal["sum", "mean", "max", "top_k"] = "mean"
    top_k: Amount = 0.01
    warm: bool | None = None
    strategy: str | None = None
    model: Name | None = None
    training: Name | dict[str, Any] | None = None
    options: dict[str, Any] = {}
    unlabeled: UnlabeledParams | None = None
    mean_teacher: MeanTeacherParams | None = None
    fixmatch: FixMatchParams | None = None
    frozen: FrozenParams | None = None
    tags: TagParams | None = None
    weak: WeakParams | None = None
    pseudo: PseudoParams | None = None

    @property
    def amounts(self) -> dict[str, int | float]:
        """Return how much this arm buys first of each kind of label; `images` are masks."""
        return amounts(self.labels)

    @property
    def training_name(self) -> str | None:
        """Return the name of the training section that is used, as it is or with changes."""
        return self.training.get("like") if isinstance(self.training, dict) else self.training

    @property
    def start_arm(self) -> str | None:
        """Return the arm whose labels and weights this one begins with; None if it has its own."""
        return self.start if isinstance(self.start, str) else None

    @property
    def first(self) -> StartParams:
        """Return how the arm's first labels are chosen."""
        return self.start if isinstance(self.start, StartParams) else StartParams()

    @model_validator(mode="after")
    def _entry_is_complete(self) -> "ArmParams":
        if (self.labels is None) == (self.start_arm is None):
            raise ValueError(
                "give either 'labels' (its own first labels, chosen by 'start: {by: ...}') or "
                "'start' (an arm)"
            )
        if self.start_arm is None and (self.model is None or self.training is None):
            raise ValueError("an arm without 'start' needs 'model' and 'training'")
        if isinstance(self.training, dict) and not isinstance(self.training_name, str):
            raise ValueError("'training' needs 'like', the name of the section that it changes")
        if len({self.acquire is None, self.query is None, self.rounds is None}) > 1:
            raise ValueError("'acquire', 'query' and 'rounds' belong together: give all or none")
        shares = self.tags is not None and "share" in self.tags.model_fields_set
        if shares and self.labels != TAGS and TAGS in self.amounts:
            raise ValueError("'labels: {tags}' and 'tags: {share}' both count images: give one")
        if self.pseudo is not None and (self.start_arm is None or self.acquire is not None):
            raise ValueError(
                "'pseudo' needs 'start', whose model draws the masks, and no 'acquire'"
            )
        return self

    @model_validator(mode="after")
    def _query_fits_the_unit(self) -> "ArmParams":
        by_region = self.unit == "region"
        if by_region != (self.region is not None):
            raise ValueError("'unit: region' and 'region: {size, stride}' belong together")
        unused = {"unit", "passes", "aggregate", "top_k"} & self.model_fields_set
        if self.acquire is None and unused:
            raise ValueError(f"{', '.join(sorted(unused))} has no effect without 'acquire'")
        if by_region and self.aggregate not in {"sum", "mean"}:
            raise ValueError("expected aggregate 'sum' or 'mean' with 'unit: region'")
        if by_region and self.query == EVENLY:
            raise ValueError("'query: log' counts images and is not possible with 'unit: region'")
        other = "images" if by_region else "regions"
        if isinstance(self.query, QueryParams) and getattr(self.query, other) is not None:
            raise ValueError(f"a query in {other} is not possible with 'unit: {self.unit}'")
        return self
