"""The training loop that every strategy shares."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import torch_seed
from frugalseg.settings.training import TrainingParams
from frugalseg.training.average import moving_average
from frugalseg.training.batches import Batch
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.micro_batch import set_micro_batch
from frugalseg.training.optimizer import advance, build_optimizer, build_schedule
from frugalseg.training.strategy import Strategy
from frugalseg.training.validation import Validation
from frugalseg.training.watch import Watcher

log = logging.getLogger(__name__)

RECOVERABLE = frozenset({"cuda"})
"""Types of devices that report when memory runs out, so that a step can be tried again."""

NO_VALIDATION = Validation(math.nan, math.nan, 0.5)


@dataclass
class Progress:
    """What a run has done so far; with weights and optimizer, all that resuming needs.

    Attributes:
        step: optimizer steps taken.
        history: one row a step.
        frames: predictions of the watched images: `step`, and `preds`, one tensor an image.
        state: weights of the best model by validation. best_step: the step that it comes from.
        score: of the best model, higher is better. validation: its validation.
        since_best: validations since the best one.
        micro_batch_size: images that the network processes at a time; None for whole batches.
    """

    step: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Tensor] = field(default_factory=dict)
    best_step: int = 0
    score: float = -math.inf
    validation: Validation = NO_VALIDATION
    since_best: int = 0
    micro_batch_size: int | None = None


class Loop:
    """Train a strategy for a number of steps, with validations and checkpoints on the way."""

    def __init__(
        self,
        strategy: Strategy,
        batches: Callable[[int], Batch],
        validate: Callable[[nn.Module], Validation] | None,
        options: TrainingParams,
        *,
        key: tuple[int | str, ...],
        device: torch.device,
        checkpoint: Checkpoint | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        """Prepare the optimizer and the schedule.

        Args:
            batches: returns the batch of a step, which must depend on nothing but the step.
            validate: compares states; None keeps the last one.
            key: seeds the random draws inside the network (dropout).
            checkpoint: where the run resumes from and saves to.
        """
        self.strategy = strategy.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches, self.validate, self.options = batches, validate, options
        self.key, self.device = key, device
        self.checkpoint, self.watcher = checkpoint, watcher
        self.optimizer = build_optimizer(strategy, options)
        self.schedule = build_schedule(self.optimizer, options)
        amp = options.amp and device.type == "cuda"
        self.scaler = torch.amp.GradScaler(device.type, enabled=amp)
        self.average: AveragedModel | None = None
        if options.ema_decay is not None:
            self.average = moving_average(strategy.inference_model(), options.ema_decay)
        self.progress = Progress()

    def run(self) -> Progress:
        """Train to the end, from a checkpoint if there is one; the best state is in the result."""
        self._resume()
        started = time.monotonic() - self.progress.seconds
        devices = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            while self.progress.step < self.options.length and not self._stops_early():
                self.step()
                step = self.progress.step
                if step % self.options.interval == 0 or step == self.options.length:
                    self._validate()
                    self.progress.seconds = time.monotonic() - started
                    self._save()
        return self.progress

    def _stops_early(self) -> bool:
        patience = self.options.early_stopping
        return patience is not None and self.progress.since_best >= patience

    def step(self) -> None:
        """Take one optimizer step."""
        step = self.progress.step
        self.strategy.train()
        terms, loss = self._backward(self.batches(step), step)
        if self.options.clip_norm is not None:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.strategy.parameters(), self.options.clip_norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        rate = self.optimizer.param_groups[0]["lr"]
        advance(self.schedule)
        self.strategy.after_step(step)
        if self.average is not None:
            self.average.update_parameters(self.strategy.inference_model())
        self.progress.step += 1
        self.progress.history.append(
            {"step": self.progress.step, "loss": float(loss.detach()), "lr": rate}
            | {f"loss_{name}": float(term.detach()) for name, term in terms.items()}
        )

    def _backward(self, batch: Batch, step: int) -> tuple[dict[str, Tensor], Tensor]:
        """Compute the gradients, in smaller micro-batches if memory runs out; return the losses.

        Memory may run out at any step, since other processes share the GPU.
        """
        # a failed pass moves running statistics, a few numbers a channel: copies cost little
        can_fail = self.device.type in RECOVERABLE
        before = [buffer.clone() for buffer in self.strategy.buffers()] if can_fail else []
        while True:
            torch.manual_seed(torch_seed(*self.key, "network", step))
            try:
                return self._try_backward(batch, step)
            except torch.cuda.OutOfMemoryError:
                pass  # shrink below: while it is handled, the error holds on to the activations
            self._shrink_micro_batch(batch)
            for buffer, old in zip(self.strategy.buffers(), before, strict=True):
                buffer.copy_(old)

    def _try_backward(self, batch: Batch, step: int) -> tuple[dict[str, Tensor], Tensor]:
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, enabled=self.scaler.is_enabled()):
            terms = self.strategy.losses(batch, step)
        loss = torch.stack(list(terms.values())).sum()
        if not torch.isfinite(loss):
            values = {name: float(term.detach()) for name, term in terms.items()}
            raise FrugalsegError(
                f"The loss is not a finite number at step {step}: {values}, with the images in "
                f"rows {list(batch.rows)} of index.csv. Check these images; if they are sound, "
                "lower the learning rate or set clip_norm in the training section of params.yaml."
            )
        self.scaler.scale(loss).backward()
        return terms, loss

    def _shrink_micro_batch(self, batch: Batch) -> None:
        """Halve the number of images that the networks process at a time."""
        views = () if batch.unlabeled is None else batch.unlabeled.strong
        size = self.progress.micro_batch_size or len(batch.images) + sum(
            len(view) for view in views
        )
        if size == 1:
            raise FrugalsegError(
                "The GPU's memory does not hold a single image of the batch. Let fewer jobs share "
                "the GPU (workflow/profiles/gpu), or train on smaller crops or with a smaller "
                "model, in params.yaml."
            )
        size = (size + 1) // 2
        self._set_micro_batch(size)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        log.warning("out of GPU memory: the network takes %d images at a time", size)

    def _set_micro_batch(self, size: int) -> None:
        self.progress.micro_batch_size = size
        for network in self.strategy.children():
            set_micro_batch(network, size)

    def _kept_model(self) -> nn.Module:
        """Return the network that is validated and kept: the strategy's, or its average."""
        return self.strategy.inference_model() if self.average is None else self.average.module

    def _validate(self) -> None:
        """Validate, keep the state if it is the best so far, and log a line."""
        progress, model = self.progress, self._kept_model()
        if self.validate is None:
            self._keep_last(model)
            return
        validation = self.validate(model)
        score = -validation.nll if self.options.monitor == "nll" else validation.score
        advance(self.schedule, score)
        row = progress.history[-1]
        row |= {"val_dice": validation.dice, "val_nll": validation.nll}
        row["threshold"] = validation.threshold
        self._watch(model, validation.threshold)
        progress.since_best += 1
        if not progress.state or score > progress.score:
            self._keep(model, score, validation)
            progress.since_best = 0
        log.info(
            "step %d/%d  loss %.4f  validation Dice %s  nll %.4f%s",
            progress.step,
            self.options.length,
            row["loss"],
            "undefined" if math.isnan(validation.dice) else f"{validation.dice:.4f}",
            validation.nll,
            "  *" if progress.since_best == 0 else "",
        )

    def _keep_last(self, model: nn.Module) -> None:
        """Keep the last state, which nothing has validated, and log a line."""
        step, steps = self.progress.step, self.options.length
        if step == steps:
            self._keep(model, math.nan, NO_VALIDATION)
        log.info("step %d/%d  loss %.4f", step, steps, self.progress.history[-1]["loss"])

    def _keep(self, model: nn.Module, score: float, validation: Validation) -> None:
        self.progress.state = {
            name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()
        }
        self.progress.best_step, self.progress.score = self.progress.step, score
        self.progress.validation = validation

    def _watch(self, model: nn.Module, threshold: float) -> None:
        """Keep predictions of the watched images at every n-th validation."""
        validations = sum("val_nll" in row for row in self.progress.history)
        if self.watcher is not None and validations % self.watcher.every == 0:
            preds = self.watcher(model, threshold)
            self.progress.frames.append({"step": self.progress.step, "preds": preds})

    def _stateful(self) -> dict[str, Any]:
        """Return the objects whose state a checkpoint holds."""
        names = ("strategy", "optimizer", "schedule", "scaler", "average")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def _save(self) -> None:
        if self.checkpoint is not None:
            states = {name: item.state_dict() for name, item in self._stateful().items()}
            plain = vars(self.progress) | {"validation": vars(self.progress.validation)}
            self.checkpoint.save(states | {"progress": plain})

    def _resume(self) -> None:
        state = self.checkpoint.load() if self.checkpoint else None
        if state is None:
            return
        for name, item in self._stateful().items():
            item.load_state_dict(state[name])
        validation = Validation(**state["progress"]["validation"])
        self.progress = Progress(**state["progress"] | {"validation": validation})
        if self.progress.micro_batch_size is not None:
            self._set_micro_batch(self.progress.micro_batch_size)
        log.info("resumed at step %d", self.progress.step)
