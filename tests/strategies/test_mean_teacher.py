from pathlib import Path
from typing import Any

import pytest
import torch
from semi_cases import LOSSES, batch, network
from torch import nn
from trainings import training

from frugalseg.core.errors import FrugalsegError
from frugalseg.strategies.mean_teacher import MeanTeacher
from frugalseg.training.batches import Batch
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.loop import Loop, Progress
from frugalseg.training.validation import Validation

OPTIONS: dict[str, Any] = {
    "ema_decay": 0.9,
    "consistency_weight": 2.0,
    "rampup": "linear",
    "rampup_steps": 4,
    "frozen_stages": 0,
    "keep": "teacher",
}
CPU = torch.device("cpu")


def teacher(model: nn.Module | None = None, **changes: Any) -> MeanTeacher:
    return MeanTeacher(model or network(), LOSSES, **(OPTIONS | changes))


def trained(strategy: MeanTeacher, steps: int = 3, **options: Any) -> Progress:
    scores = iter(range(1, 1000))
    loop = Loop(
        strategy,
        options.pop("batches", batch),
        lambda model: Validation(next(scores) / 1000, 0.1, 0.4),
        training(steps=steps, validate_every=1, weight_decay=0.1),
        key=(0, "test"),
        device=CPU,
        **options,
    )
    return loop.run()


def test_the_teacher_follows_by_a_hand_computed_sequence() -> None:
    model = nn.Linear(1, 1, bias=False)
    statistic = torch.tensor(1.0)
    model.register_buffer("statistic", statistic)
    model.weight.data.fill_(1.0)
    strategy = teacher(model)
    values = []
    for value in (2.0, 3.0, 0.0):
        model.weight.data.fill_(value)
        statistic.fill_(10 * value)
        strategy.after_step(0)
        state = strategy.teacher.module.state_dict()
        values.append((float(state["weight"]), float(state["statistic"])))
    # w <- 0.9 w + 0.1 v from 1: 1.1, 1.29, 1.161; the buffer from 1: 2.9, 5.61, 5.049
    expected = [(1.1, 2.9), (1.29, 5.61), (1.161, 5.049)]
    assert values == [pytest.approx(pair) for pair in expected]


def test_teacher_and_student_start_alike_and_the_teacher_gets_no_gradient() -> None:
    strategy = teacher().train()
    pairs = zip(strategy.model.parameters(), strategy.teacher.module.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    before = {name: tensor.clone() for name, tensor in strategy.teacher.state_dict().items()}
    torch.stack(list(strategy.losses(batch(), 3).values())).sum().backward()
    assert all(p.grad is None and not p.requires_grad for p in strategy.teacher.parameters())
    assert all(p.grad is not None for p in strategy.model.parameters())
    after = strategy.teacher.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)  # statistics included


@pytest.mark.parametrize("classes", [1, 3])
def test_consistency_by_hand(classes: int) -> None:
    model = network(classes, norm="none")
    strategy = MeanTeacher(model, {}, **OPTIONS).train()
    given = batch(cutmix=True)
    assert given.unlabeled is not None
    with torch.no_grad():
        strong, weak = model(given.unlabeled.strong[0]), model(given.unlabeled.weak)
    weak[0, :, :8] = weak[1, :, :8]  # CutMix
    if classes == 1:
        difference = ((strong.sigmoid() - weak.sigmoid()) ** 2).mean()
    else:
        difference = ((strong.softmax(1) - weak.softmax(1)) ** 2).mean()
    for step, ramp in ((0, 0.0), (2, 0.5), (4, 1.0)):
        found = strategy.losses(given, step)["consistency"]
        assert torch.allclose(found, 2.0 * ramp * difference, atol=1e-7)


def test_pixels_that_are_not_valid_have_no_part() -> None:
    strategy = MeanTeacher(network(norm="none"), {}, **OPTIONS)
    given = batch()
    assert given.unlabeled is not None
    given.unlabeled.valid[:, 8:] = False
    given.unlabeled.valid[0] = False
    given.unlabeled.valid[1, :8] = False
    assert float(strategy.losses(given, 4)["consistency"].detach()) == 0


def test_frozen_stages_do_not_move_nor_their_statistics() -> None:
    strategy = teacher(frozen_stages=2)
    before = {name: tensor.clone() for name, tensor in strategy.model.state_dict().items()}
    trained(strategy)
    after = strategy.model.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    frozen = {n for n in before if n.startswith(("encoder.blocks.0.", "encoder.blocks.1."))}
    assert not moved & frozen
    assert {name for name in frozen if "running" in name}
    assert moved == set(before) - frozen


@pytest.mark.parametrize("keep", ["teacher", "student"])
def test_the_model_kept_is_a_parameter(keep: str) -> None:
    strategy = teacher(keep=keep)
    kept = strategy.model if keep == "student" else strategy.teacher.module
    assert strategy.inference_model() is kept
    assert set(kept.state_dict()) == set(network().state_dict())


class Killed(Exception):
    pass


def test_a_killed_run_goes_on_with_its_teacher(tmp_path: Path) -> None:
    def killed(step: int) -> Batch:
        if step == 3:
            raise Killed
        return batch(step)

    whole, checkpoint = teacher(), Checkpoint(tmp_path / "run.pt")
    trained(whole, steps=6)
    with pytest.raises(Killed):
        trained(teacher(), steps=6, batches=killed, checkpoint=checkpoint)
    resumed = teacher()
    trained(resumed, steps=6, checkpoint=checkpoint)
    one, two = whole.state_dict(), resumed.state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert float(one["teacher.n_averaged"]) == 7


def test_a_consistency_that_is_no_number_is_a_clear_error() -> None:
    def poisoned(step: int) -> Batch:
        given = batch(step)
        assert given.unlabeled is not None
        given.unlabeled.weak[0, 0, 0, 0] = float("nan")
        return given

    with pytest.raises(FrugalsegError, match=r"not a finite number at step 0.*'consistency': nan"):
        trained(teacher(), batches=poisoned)


def test_a_batch_without_unlabeled_images_is_a_clear_error() -> None:
    images = torch.rand(1, 3, 16, 16)
    plain = Batch(images, torch.zeros(1, 16, 16, dtype=torch.uint8))
    with pytest.raises(FrugalsegError, match="batch has no unlabeled images"):
        teacher().losses(plain, 0)
