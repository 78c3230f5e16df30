"""Settings of trainings of a few steps."""

from typing import Any

from frugalseg.settings.training import TrainingParams


def training(**settings: Any) -> TrainingParams:
    return TrainingParams.model_validate(
        {"loss": ["bce"], "batch": 1, "optimizer": "adamw", "lr": 0.01} | settings
    )
