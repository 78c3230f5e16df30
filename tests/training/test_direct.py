from types import SimpleNamespace
from typing import Any

import torch
from torch import nn

from frugalseg.training.direct import fit_directly
from frugalseg.training.loop import NO_VALIDATION
from frugalseg.training.strategy import DirectStrategy
from frugalseg.training.validation import Validation


class Doubled(DirectStrategy):
    def fit(self, labeled: Any) -> list[float]:
        with torch.no_grad():
            self.model.weight.fill_(labeled)  # type: ignore[operator]
        return [3.0, 1.0]


def data(validate: Any) -> Any:
    device = torch.device("cpu")
    return SimpleNamespace(device=device, labeled=lambda: 7, validator=lambda: validate)


def test_a_fit_is_kept_with_the_threshold_of_the_fitted_model() -> None:
    strategy = Doubled(nn.Conv2d(1, 1, 1, bias=False), {})
    validation = Validation(0.5, 0.1, 0.3)
    seen = []

    def validate(model: nn.Module) -> Validation:
        seen.append(float(model.weight.detach()))  # type: ignore[operator]
        return validation

    progress = fit_directly(strategy, data(validate))
    assert seen == [7]
    assert progress.validation is validation
    assert progress.history == [{"step": 1, "loss": 3.0}, {"step": 2, "loss": 1.0}]
    assert progress.best_step == progress.step == 2
    assert progress.state["weight"].tolist() == [[[[7.0]]]]


def test_without_validation_images_the_threshold_is_a_half() -> None:
    strategy = Doubled(nn.Conv2d(1, 1, 1, bias=False), {})
    assert fit_directly(strategy, data(None)).validation is NO_VALIDATION
