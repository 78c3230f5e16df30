"""Which state of a training is kept without a validation, or by averaging."""

from pathlib import Path

import torch

from frugalseg.training.checkpoint import Checkpoint
from tests.training.test_loop import loop


def test_without_a_validation_the_last_state_is_kept() -> None:
    trained = loop()
    trained.validate = None
    result = trained.run()
    assert result.best_step == 9
    assert result.validation.threshold == 0.5
    assert torch.isnan(torch.tensor([result.validation.dice, result.validation.nll])).all()
    for name, tensor in trained.strategy.inference_model().state_dict().items():
        assert torch.equal(result.state[name], tensor)
    assert not any("val_dice" in row for row in result.history)


def test_the_average_of_the_weights_is_kept_and_resumes(tmp_path: Path) -> None:
    averaged = loop(ema_decay=0.5, validation="none")
    averaged.validate = None
    model = averaged.strategy.inference_model()
    expected = {name: tensor.clone() for name, tensor in model.named_parameters()}
    for _ in range(3):
        averaged.step()
        for name, tensor in model.named_parameters():
            expected[name] = 0.5 * expected[name] + 0.5 * tensor.detach()
    average = averaged.average
    assert average is not None
    for name, tensor in average.module.named_parameters():
        assert torch.allclose(tensor, expected[name], atol=1e-6)

    whole = loop(ema_decay=0.5).run()
    checkpoint = Checkpoint(tmp_path / "run.pt")
    interrupted = loop(checkpoint, ema_decay=0.5)
    for _ in range(4):
        interrupted.step()
    interrupted._validate()
    interrupted._save()
    resumed = loop(checkpoint, ema_decay=0.5).run()
    assert all(torch.equal(whole.state[name], resumed.state[name]) for name in whole.state)
