from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from trainings import training

from frugalseg.core.errors import FrugalsegError
from frugalseg.strategies.supervised import Supervised
from frugalseg.training.batches import Batch
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.loop import Loop, Progress
from frugalseg.training.losses import binary_cross_entropy, dice
from frugalseg.training.validation import Validation

CPU = torch.device("cpu")


def network() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Dropout2d(0.5), nn.Conv2d(4, 1, 1)
        )


def batch(step: int) -> Batch:
    generator = torch.Generator().manual_seed(step)
    images = torch.rand(4, 3, 8, 8, generator=generator)
    return Batch(images, (images.mean(dim=1) > 0.5).to(torch.uint8))


def improving() -> Callable[[nn.Module], Validation]:
    scores = iter(range(1, 1000))
    return lambda model: Validation(next(scores) / 1000, 0.1, 0.4)


def loop(
    checkpoint: Checkpoint | None = None,
    validate: Callable[[nn.Module], Validation] | None = None,
    batches: Callable[[int], Batch] = batch,
    loss: Callable[[Tensor, Tensor], Tensor] | None = None,
    watcher: Any = None,
    **changes: object,
) -> Loop:
    options = {"steps": 9, "validate_every": 2, "optimizer": "adamw", "lr": 0.01}
    strategy = Supervised(network(), {"bce": (1.0, loss or binary_cross_entropy(1))})
    return Loop(
        strategy,
        batches,
        validate or improving(),
        training(**(options | changes)),
        key=(0, "test"),
        device=CPU,
        checkpoint=checkpoint,
        watcher=watcher,
    )


def same(one: Progress, two: Progress) -> bool:
    return all(
        torch.equal(a, b) for a, b in zip(one.state.values(), two.state.values(), strict=True)
    )


def test_it_learns_and_validates_every_k_steps_and_at_the_end() -> None:
    result = loop(steps=40, validate_every=15, schedule="cosine").run()
    assert [row["step"] for row in result.history if "val_dice" in row] == [15, 30, 40]
    assert result.history[-1]["loss"] < result.history[0]["loss"]
    assert result.validation.threshold == 0.4


class Killed(Exception):
    pass


@pytest.mark.parametrize("schedule", ["none", "cosine", "plateau"])
@pytest.mark.parametrize("moment", [1, 4, 5, 8])
def test_a_killed_run_ends_with_the_same_weights(
    tmp_path: Path, moment: int, schedule: str
) -> None:
    whole = loop(schedule=schedule).run()
    checkpoint = Checkpoint(tmp_path / "run.pt")

    def killed(step: int) -> Batch:
        if step == moment:
            raise Killed
        return batch(step)

    with pytest.raises(Killed):
        loop(checkpoint, batches=killed, schedule=schedule).run()
    steps: list[int] = []

    def counted(step: int) -> Batch:
        steps.append(step)
        return batch(step)

    # the validations already done are not repeated, so their scores go on where they stopped
    done = moment // 2
    scores = iter(range(done + 1, 1000))
    resumed = loop(
        checkpoint,
        lambda model: Validation(next(scores) / 1000, 0.1, 0.4),
        counted,
        schedule=schedule,
    ).run()
    assert same(whole, resumed)
    assert resumed.history == whole.history
    assert steps[0] == done * 2  # only the work since the last checkpoint is done again


def test_the_best_state_is_kept_not_the_last() -> None:
    scores = iter([0.5, 0.9, 0.7, 0.6, 0.2])
    result = loop(validate=lambda model: Validation(next(scores), 0.0, 0.5)).run()
    assert result.best_step == 4
    assert result.validation.dice == 0.9
    assert same(result, loop(steps=4).run())


def test_early_stopping_fires_after_its_patience() -> None:
    scores = iter([0.5, 0.4, 0.4, 0.9])
    result = loop(
        validate=lambda model: Validation(next(scores), 0.0, 0.5), early_stopping=2, steps=100
    ).run()
    assert len(result.history) == 6
    assert result.best_step == 2


def test_the_rate_is_halved_after_its_patience_and_training_stops_after_its_own() -> None:
    scores = iter([0.5, 0.6, *[0.4] * 99])
    result = loop(
        validate=lambda model: Validation(next(scores), 0.0, 0.5),
        schedule="plateau", plateau_patience=1, early_stopping=5, steps=100, validate_every=1,
    ).run()  # fmt: skip
    # the best at step 2; of the five worse ones after it, every second is one too many
    assert [row["lr"] for row in result.history] == [0.01] * 4 + [0.005] * 2 + [0.0025]
    assert result.best_step == 2


def test_the_likelihood_decides_where_it_is_monitored() -> None:
    losses = iter([0.3, 0.2, 0.1, 0.4, *[0.5] * 99])
    result = loop(
        validate=lambda model: Validation(0.5, next(losses), 0.5), monitor="nll",
        schedule="plateau", plateau_patience=1, early_stopping=3, steps=100, validate_every=1,
    ).run()  # fmt: skip
    assert result.best_step == 3
    assert [row["lr"] for row in result.history] == [0.01] * 5 + [0.005]


class Watching:
    """Counts on: what was watched is a picture of how often it was."""

    def __init__(self, every: int) -> None:
        self.every, self.times = every, 0

    def __call__(self, model: nn.Module, threshold: float) -> list[Tensor]:
        self.times += 1
        return [torch.full((2, 2), self.times, dtype=torch.uint8)]


def test_every_nth_validation_is_watched_and_a_killed_run_goes_on_watching(tmp_path: Path) -> None:
    watched = loop(watcher=Watching(2)).run()  # validations after 2, 4, 6, 8 and 9 steps
    assert [frame["step"] for frame in watched.frames] == [4, 8]
    assert [int(frame["preds"][0][0, 0]) for frame in watched.frames] == [1, 2]
    assert loop().run().frames == []
    checkpoint = Checkpoint(tmp_path / "run.pt")
    loop(checkpoint, steps=4, watcher=Watching(1)).run()
    resumed = loop(checkpoint, watcher=Watching(1)).run()
    assert [frame["step"] for frame in resumed.frames] == [2, 4, 6, 8, 9]


def test_without_positives_the_likelihood_decides() -> None:
    nan = float("nan")
    losses = iter([0.3, 0.1, 0.2, 0.5, 0.5])
    result = loop(validate=lambda model: Validation(nan, next(losses), 0.5)).run()
    assert result.best_step == 4


def test_a_loss_that_is_not_finite_names_the_step() -> None:
    def explode(logits: Tensor, target: Tensor) -> Tensor:
        return logits.sum() * float("nan")

    named = r"at step 0: \{'bce': nan\}, with the images in rows \[\] of index.csv"
    with pytest.raises(FrugalsegError, match=f"not a finite number {named}"):
        loop(loss=explode).run()


def test_clipping_bounds_the_step() -> None:
    def steep(logits: Tensor, target: Tensor) -> Tensor:
        return logits.sum() * 1000

    start = network().state_dict()
    moved = loop(
        loss=steep, clip_norm=0.1, optimizer="sgd", lr=1.0, steps=1, validate_every=1
    ).run()
    names = [name for name, _ in network().named_parameters()]
    distance = sum(((moved.state[name] - start[name]) ** 2).sum() for name in names) ** 0.5
    assert float(distance) <= 0.1 * 1.9 + 1e-4  # momentum 0.9 with Nesterov: at most 1 + 0.9


def test_global_randomness_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    loop().run()
    assert torch.equal(torch.rand(2), expected)


def small_gpu(holds: int, plain: nn.Module) -> nn.Module:
    """Return a network that runs out of memory if it is shown more images than it holds."""

    def refuse(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        if len(given[0]) > holds:
            raise torch.cuda.OutOfMemoryError("a GPU that is none")

    plain.get_submodule("1").register_forward_pre_hook(refuse)
    return plain


def without_norm(holds: int, checkpoint: Checkpoint | None = None, steps: int = 3) -> Loop:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        first, last = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 1, 1)
    model = small_gpu(holds, nn.Sequential(first, nn.ReLU(), last))
    options = training(steps=steps, validate_every=2)
    strategy = Supervised(model, {"dice": (1.0, dice(1))})
    how: dict[str, Any] = {"key": (0, "test"), "device": CPU, "checkpoint": checkpoint}
    return Loop(strategy, batch, improving(), options, **how)


@pytest.mark.parametrize(("holds", "size"), [(3, 2), (2, 2), (1, 1)])
def test_batches_that_do_not_fit_are_split_and_the_model_learns_the_same(
    holds: int, size: int
) -> None:
    one, two = without_norm(4).run(), without_norm(holds).run()
    assert (one.micro_batch_size, two.micro_batch_size) == (None, size)
    assert len(two.history) == 3
    for name, tensor in one.state.items():
        torch.testing.assert_close(tensor, two.state[name])


def test_a_resumed_run_keeps_its_micro_batches(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "run.pt")
    without_norm(2, checkpoint, steps=2).run()
    assert without_norm(4, checkpoint).run().micro_batch_size == 2


@pytest.mark.parametrize("moment", [0, 3])
def test_a_pass_that_did_not_fit_leaves_running_statistics_alone(
    monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr("frugalseg.training.loop.RECOVERABLE", {"cpu"})
    # the norm comes before the layer that runs out of memory
    model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 1, 1))

    def batches(step: int) -> Batch:
        if step == moment:  # another process takes memory of the GPU
            small_gpu(2, model)
        return batch(step)

    strategy = Supervised(model, {"dice": (1.0, dice(1))})
    options = training(steps=moment + 1, validate_every=1)
    Loop(strategy, batches, improving(), options, key=(0, "test"), device=CPU).run()
    mean = torch.zeros(3)
    for step in range(moment):
        mean = 0.9 * mean + 0.1 * batch(step).images.mean((0, 2, 3))
    part = 1 - 0.9**0.5
    for images in batch(moment).images.split(2):
        mean = (1 - part) * mean + part * images.mean((0, 2, 3))
    torch.testing.assert_close(model[0].running_mean, mean)
    assert model[0].num_batches_tracked == moment + 2


def test_no_buffer_is_copied_where_memory_cannot_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the buffers were asked for")

    monkeypatch.setattr(Supervised, "named_buffers", refuse)
    loop(steps=2).run()


def test_an_image_that_does_not_fit_by_itself_ends_the_run() -> None:
    with pytest.raises(FrugalsegError, match="does not hold a single image"):
        without_norm(0).run()
