"""The whole of `params.yaml`. Nothing here imports torch, so that a dry run stays fast."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, PositiveInt, Tag, field_validator

from frugalseg.settings.arm import ArmParams
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.model import ModelParams
from frugalseg.settings.section import Name, Section
from frugalseg.settings.study import (
    ContrastParams,
    CostParams,
    EvaluationParams,
    LooksParams,
    PublishedParams,
    ReportParams,
    StatisticsParams,
)
from frugalseg.settings.training import TrainingParams


def _kind_of_seeds(value: Any) -> str:
    """Return which of its types `seeds` is meant to have, so that errors speak of that one."""
    if isinstance(value, list):
        return "list"
    return "mapping" if isinstance(value, dict | LooksParams) else "number"


Seeds = Annotated[
    Annotated[PositiveInt, Tag("number")]
    | Annotated[list[int], Tag("list")]
    | Annotated[LooksParams, Tag("mapping")],
    Discriminator(_kind_of_seeds),
]
"""Number of seeds, the seeds themselves, or the looks of a sequential study."""


class Params(Section):
    """The whole of `params.yaml`."""

    run: list[Name] = Field(min_length=1)
    seeds: Seeds
    datasets: dict[Name, DataSetParams]
    costs: CostParams = CostParams()
    models: dict[Name, ModelParams]
    training: dict[Name, TrainingParams]
    arms: dict[Name, dict[Name, ArmParams]]
    contrasts: dict[Name, list[ContrastParams]] = {}
    published: dict[Name, list[PublishedParams]] = {}
    evaluation: EvaluationParams = EvaluationParams()
    statistics: StatisticsParams = StatisticsParams()
    report: ReportParams = ReportParams()

    @field_validator("seeds")
    @classmethod
    def _seeds_are_distinct(cls, seeds: Seeds) -> Seeds:
        if isinstance(seeds, list) and (len(set(seeds)) < len(seeds) or min(seeds, default=-1) < 0):
            raise ValueError("expected a list of distinct integers from 0 on")
        return seeds

    @field_validator("datasets", mode="before")
    @classmethod
    def _reader_defaults_to_the_name(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: {"reader": name, **entry} if isinstance(entry, dict) else entry
            for name, entry in value.items()
        }

    def report_metric(self, dataset: str) -> str:
        """Return the metric of a data set's report; `auto` without any contrast is Dice."""
        if self.report.metric != "auto":
            return self.report.metric
        planned = self.contrasts.get(dataset, [])
        return planned[0].metric if planned else "dice"

    @property
    def looks(self) -> LooksParams | None:
        """Return the looks of a sequential study; None for a fixed number of seeds."""
        return self.seeds if isinstance(self.seeds, LooksParams) else None

    @property
    def seed_list(self) -> list[int]:
        """Return the planned seeds, in order; of a sequential study those up to its last look."""
        if isinstance(self.seeds, list):
            return list(self.seeds)
        return list(range(self.seeds if isinstance(self.seeds, int) else self.seeds.looks[-1]))
