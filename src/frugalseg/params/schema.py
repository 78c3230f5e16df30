"""The whole of `params.yaml`. Nothing here imports torch, so that a dry run stays fast."""

from typing import Any

from pydantic import Field, PositiveInt, field_validator

from frugalseg.settings.arm import ArmParams
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.model import ModelParams
from frugalseg.settings.section import Name, Section
from frugalseg.settings.study import (
    ContrastParams,
    CostParams,
    EvaluationParams,
    PublishedParams,
    ReportParams,
    StatisticsParams,
)
from frugalseg.settings.training import TrainingParams


class Params(Section):
    """The whole of `params.yaml`."""

    run: list[Name] = Field(min_length=1)
    seeds: PositiveInt | list[int]
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
    def _seeds_are_distinct(cls, seeds: int | list[int]) -> int | list[int]:
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

    @property
    def seed_list(self) -> list[int]:
        """Return the seeds, in order."""
        return list(range(self.seeds)) if isinstance(self.seeds, int) else list(self.seeds)
