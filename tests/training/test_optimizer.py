import pytest
import torch
from trainings import training

from frugalseg.training.optimizer import advance, build_optimizer, build_schedule


def rates(name: str, steps: int = 4, scores: tuple[float, ...] = ()) -> list[float]:
    model = torch.nn.Linear(1, 1)
    options = training(
        optimizer="sgd", lr=1.0, schedule=name, steps=steps, validate_every=1, plateau_patience=1
    )
    optimizer = build_optimizer(model, options)
    schedule = build_schedule(optimizer, options)
    found = []
    for step in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        advance(schedule)
        if scores:
            advance(schedule, scores[step])
    return found


def test_cosine_by_hand() -> None:
    assert rates("cosine") == pytest.approx([1, 0.853553, 0.5, 0.146447], abs=1e-6)


def test_one_cycle_rises_and_falls() -> None:
    found = rates("one_cycle", 10)
    assert max(found) == found[2] == pytest.approx(1.0)  # 30 % of ten steps, from 0
    assert found[0] == pytest.approx(1 / 25)
    assert found[-1] < 1e-4


def test_none_is_constant() -> None:
    assert rates("none") == [1, 1, 1, 1]


def test_plateau_fires_after_its_patience() -> None:
    assert rates("plateau", 6, (0.5, 0.6, 0.6, 0.5, 0.5, 0.5)) == [1, 1, 1, 1, 0.5, 0.5]


def test_frozen_parameters_are_not_optimized() -> None:
    model = torch.nn.Linear(2, 2)
    model.bias.requires_grad_(False)
    optimizer = build_optimizer(model, training(weight_decay=0.3, steps=1, validate_every=1))
    assert [p.shape for p in optimizer.param_groups[0]["params"]] == [(2, 2)]
    assert optimizer.param_groups[0]["weight_decay"] == 0.3
