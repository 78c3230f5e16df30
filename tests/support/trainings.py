"""Settings of trainings of a few steps."""

from typing import Any

from frugalseg.settings.training import TrainingParams


def training(**settings: Any) -> TrainingParams:
    least = {"loss": ["bce"], "batch": 1, "optimizer": "adamw", "lr": 0.01, "validation": "split"}
    return TrainingParams.model_validate(least | settings)
