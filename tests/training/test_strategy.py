import pytest
import torch
from semi_cases import LOSSES, batch, network
from trainings import training

from frugalseg.models.freeze import freeze_stages
from frugalseg.strategies.fixmatch import FixMatch
from frugalseg.strategies.mean_teacher import MeanTeacher
from frugalseg.strategies.supervised import Supervised
from frugalseg.training.loop import Loop
from frugalseg.training.strategy import Strategy


@pytest.mark.parametrize("kind", [Supervised, FixMatch, MeanTeacher])
def test_a_frozen_stage_does_not_move_nor_do_its_statistics(kind: type[Strategy]) -> None:
    model = network()
    freeze_stages(model.encoder, 2)  # type: ignore[arg-type]
    frozen = {
        name
        for name in model.state_dict()
        if name.startswith(("encoder.blocks.0.", "encoder.blocks.1."))
    }
    assert {name for name in frozen if "running" in name}
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    options = training(steps=3, validate_every=3, weight_decay=0.1)
    Loop(kind(model, LOSSES), batch, None, options, key=(0,), device=torch.device("cpu")).run()
    moved = {
        name for name, tensor in model.state_dict().items() if not torch.equal(before[name], tensor)
    }
    assert moved == set(before) - frozen
