"""An entry of `arms`: what is bought, and how it is learned from."""

from typing import Any, Literal

from pydantic import PositiveInt, model_validator

from frugalseg.settings.section import Amount, Name, Query, QueryParams, Section
from frugalseg.settings.strategy import FixMatchParams, MeanTeacherParams, UnlabeledParams
from frugalseg.settings.tags import PseudoParams, TagParams, WeakParams


class RegionParams(Section):
    """Square windows of `size` pixels every `stride`; `overlap` lets those chosen share pixels."""

    size: PositiveInt
    stride: PositiveInt
    overlap: bool = False


class ArmParams(Section):
    """One arm; what it leaves out comes from its `start` arm.

    `options` are keyword arguments of a strategy that has no section of its own name.
    """

    labels: Amount | Literal["tags"] | None = None
    start: Name | None = None
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
    tags: TagParams | None = None
    weak: WeakParams | None = None
    pseudo: PseudoParams | None = None

    @property
    def training_name(self) -> str | None:
        """Return the training section that is used, as it is or with single settings changed."""
        return self.training.get("like") if isinstance(self.training, dict) else self.training

    @model_validator(mode="after")
    def _fields_belong_together(self) -> "ArmParams":
        if (self.labels is None) == (self.start is None):
            raise ValueError("give either 'labels' (its own first labels) or 'start' (an arm)")
        together = (self.acquire is not None, self.query is not None, self.rounds is not None)
        if any(together) and not all(together):
            raise ValueError("'acquire', 'query' and 'rounds' belong together: give all or none")
        if self.pseudo is not None and (self.start is None or self.acquire is not None):
            raise ValueError("'pseudo' needs a 'start', whose model draws, and buys nothing")
        return self

    @model_validator(mode="after")
    def _query_fits_the_unit(self) -> "ArmParams":
        if (self.unit == "region") != (self.region is not None):
            raise ValueError("'unit: region' and 'region: {size, stride}' belong together")
        given = {"unit", "passes", "aggregate", "top_k"} & self.model_fields_set
        if self.acquire is None and given:
            raise ValueError(f"{', '.join(sorted(given))} without 'acquire' has no meaning")
        if self.unit == "region" and self.aggregate not in {"sum", "mean"}:
            raise ValueError("the pixels of a region are aggregated by 'sum' or 'mean'")
        other = "images" if self.unit == "region" else "regions"
        if isinstance(self.query, QueryParams) and getattr(self.query, other) is not None:
            raise ValueError(f"a query in {other} cannot be had with 'unit: {self.unit}'")
        return self
