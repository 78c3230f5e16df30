import torch
from torch import nn

from frugalseg.training.average import moving_average


def test_parameters_and_buffers_are_averaged_by_hand() -> None:
    model = nn.BatchNorm1d(1)
    average = moving_average(model, decay=0.75)
    state = {"weight": torch.tensor([5.0]), "running_mean": torch.tensor([8.0])}  # from 1 and 0
    model.load_state_dict(state, strict=False)
    average.update_parameters(model)
    averaged = average.module.state_dict()
    assert averaged["weight"].item() == 2.0
    assert averaged["running_mean"].item() == 2.0


def test_the_average_needs_no_gradient_and_no_batch_statistics() -> None:
    average = moving_average(nn.BatchNorm1d(1), decay=0.5)
    assert not average.training
    assert not any(parameter.requires_grad for parameter in average.parameters())
