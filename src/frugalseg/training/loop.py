"""The one training loop, in steps; every strategy goes through it."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import torch_seed
from frugalseg.settings.training import TrainingParams
from frugalseg.training.batches import Batch
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.losses import total
from frugalseg.training.micro_batch import in_parts
from frugalseg.training.optimizer import Schedule, build_optimizer, build_schedule
from frugalseg.training.strategy import Strategy
from frugalseg.training.validation import Validation
from frugalseg.training.watch import Watcher

log = logging.getLogger(__name__)

RECOVERABLE = frozenset({"cuda"})
"""Types of devices that say when their memory runs out, so that a pass can be taken in parts."""


@dataclass
class Progress:
    """What a run has behind it; with weights and optimizer it is all that resuming needs."""

    step: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, Any] | None = None
    since_best: int = 0
    frames: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """What a finished run keeps: the best weights by validation, and how it got there.

    Attributes:
        frames: what was watched: `step`, and `preds`, one tensor an image.
        part: images that the network took at a time; None for whole batches.
    """

    state: dict[str, Tensor]
    best_step: int
    validation: Validation
    history: list[dict[str, float]]
    seconds: float
    frames: list[dict[str, Any]] = field(default_factory=list)
    part: int | None = None


class Loop:
    """Train a strategy for a number of steps, validating and checkpointing on the way."""

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
        """Take what to train, on what, and where to resume from.

        Args:
            batches: gives the batch of a step, and depends on nothing but the step.
            validate: compares states; None keeps the last one.
            key: what the draws inside the network (dropout) derive from.
        """
        self.strategy = strategy.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches, self.validate, self.options = batches, validate, options
        self.key, self.device, self.checkpoint = key, device, checkpoint
        self.watcher = watcher
        self.optimizer = build_optimizer(
            strategy, name=options.optimizer, lr=options.lr, weight_decay=options.weight_decay
        )
        self.schedule: Schedule = build_schedule(
            self.optimizer,
            name=options.schedule,
            steps=options.steps,
            min_lr=options.min_lr,
            factor=options.plateau_factor,
            patience=options.plateau_patience,
        )
        amp = options.amp and device.type == "cuda"
        self.scaler = torch.amp.GradScaler(device.type, enabled=amp)
        self.progress = Progress()
        self.part: int | None = None

    def run(self) -> Result:
        """Train to the end, from a checkpoint if there is one, and return the best state."""
        self._resume()
        started = time.monotonic() - self.progress.seconds
        devices = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            while not self._finished():
                self.step()
                if self._validation_is_due():
                    self._validate()
                    self.progress.seconds = time.monotonic() - started
                    self._save()
        best = self.progress.best
        if best is None:  # unreachable: the last step is always validated
            raise RuntimeError("the loop ended without a validation")
        validation = Validation(best["dice"], best["nll"], best["threshold"])
        done = self.progress
        return Result(
            best["state"],
            best["step"],
            validation,
            done.history,
            done.seconds,
            done.frames,
            self.part,
        )

    def _finished(self) -> bool:
        patience = self.options.early_stopping
        stopped = patience is not None and self.progress.since_best >= patience
        return stopped or self.progress.step >= self.options.steps

    def _validation_is_due(self) -> bool:
        step = self.progress.step
        return step % self.options.validate_every == 0 or step == self.options.steps

    def step(self) -> None:
        """Take one optimizer step."""
        step = self.progress.step
        self.strategy.train()
        terms, loss = self._gradients(self.batches(step), step)
        if self.options.clip_norm is not None:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.strategy.parameters(), self.options.clip_norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        rate = self.optimizer.param_groups[0]["lr"]
        self.schedule.step()
        self.strategy.after_step(step)
        self.progress.step += 1
        self.progress.history.append(
            {"step": self.progress.step, "loss": float(loss.detach()), "lr": rate}
            | {f"loss_{name}": float(term.detach()) for name, term in terms.items()}
        )

    def _gradients(self, batch: Batch, step: int) -> tuple[dict[str, Tensor], Tensor]:
        """Return the terms and their sum, with gradients; in smaller parts where memory runs out.

        It may do so at any step, since other processes share the GPU.
        """
        # a failed pass moves running statistics, a few numbers a channel: copies cost little
        can_fail = self.device.type in RECOVERABLE
        before = [buffer.clone() for buffer in self.strategy.buffers()] if can_fail else []
        while True:
            torch.manual_seed(torch_seed(*self.key, "network", step))
            try:
                return self._pass(batch, step)
            except torch.cuda.OutOfMemoryError:
                pass  # shrink below: while it is handled, the error holds on to the activations
            self._shrink(batch)
            for buffer, old in zip(self.strategy.buffers(), before, strict=True):
                buffer.copy_(old)

    def _pass(self, batch: Batch, step: int) -> tuple[dict[str, Tensor], Tensor]:
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, enabled=self.scaler.is_enabled()):
            terms = self.strategy.losses(batch, step)
        loss = total(terms)
        self._check(loss, terms, batch, step)
        self.scaler.scale(loss).backward()
        return terms, loss

    def _check(self, loss: Tensor, terms: dict[str, Tensor], batch: Batch, step: int) -> None:
        if not torch.isfinite(loss):
            values = {name: float(term.detach()) for name, term in terms.items()}
            raise FrugalsegError(
                f"The loss is not a finite number at step {step}: {values}, with the images in "
                f"rows {list(batch.rows)} of index.csv. Look at them; if they are sound, lower the "
                "learning rate, or set clip_norm, in the training section of params.yaml."
            )

    def _shrink(self, batch: Batch) -> None:
        """Let the networks take half as many images at a time as what did not fit."""
        views = () if batch.unlabeled is None else batch.unlabeled.strong
        part = self.part or len(batch.images) + sum(len(view) for view in views)
        if part == 1:
            raise FrugalsegError(
                "The GPU's memory does not hold a single image of the batch at a time. Let fewer "
                "jobs share the GPU (workflow/profiles/gpu), or train on smaller crops or with a "
                "smaller model, in params.yaml."
            )
        self.part = (part + 1) // 2
        for network in self.strategy.children():
            in_parts(network, self.part)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        log.warning("out of GPU memory: the network takes %d images at a time", self.part)

    def _validate(self) -> None:
        """Validate, keep the state if it is the best so far, and log a line."""
        model = self.strategy.inference_model()
        if self.validate is None:
            self._keep_last(model)
            return
        found = self.validate(model)
        score = -found.nll if self.options.monitor == "nll" else found.score
        self.schedule.validated(score)
        row = self.progress.history[-1]
        row |= {"val_dice": found.dice, "val_nll": found.nll, "threshold": found.threshold}
        self._watch(model, found.threshold)
        best = self.progress.best
        if best is None or score > best["score"]:
            self._keep(model, score, found)
            self.progress.since_best = 0
        else:
            self.progress.since_best += 1
        log.info(
            "step %d/%d  loss %.4f  validation Dice %s  nll %.4f%s",
            self.progress.step,
            self.options.steps,
            row["loss"],
            "undefined" if math.isnan(found.dice) else f"{found.dice:.4f}",
            found.nll,
            "  *" if self.progress.since_best == 0 else "",
        )

    def _keep_last(self, model: nn.Module) -> None:
        """Keep the last state, which nothing has validated, and log a line."""
        step, steps = self.progress.step, self.options.steps
        if step == steps:
            self._keep(model, math.nan, Validation(math.nan, math.nan, 0.5))
        log.info("step %d/%d  loss %.4f", step, steps, self.progress.history[-1]["loss"])

    def _keep(self, model: nn.Module, score: float, validation: Validation) -> None:
        state = {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}
        self.progress.best = {
            "state": state,
            "step": self.progress.step,
            "score": score,
            "dice": validation.dice,
            "nll": validation.nll,
            "threshold": validation.threshold,
        }

    def _watch(self, model: nn.Module, threshold: float) -> None:
        """Keep what the model says of the watched images, where this validation is chosen."""
        validations = sum("val_nll" in row for row in self.progress.history)
        if self.watcher is not None and validations % self.watcher.every == 0:
            preds = self.watcher(model, threshold)
            self.progress.frames.append({"step": self.progress.step, "preds": preds})

    def _save(self) -> None:
        if self.checkpoint is None:
            return
        self.checkpoint.save(
            {
                "strategy": self.strategy.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "schedule": self.schedule.scheduler.state_dict(),
                "scaler": self.scaler.state_dict(),
                "progress": vars(self.progress),
            }
        )

    def _resume(self) -> None:
        state = self.checkpoint.load() if self.checkpoint else None
        if state is None:
            return
        self.strategy.load_state_dict(state["strategy"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.scheduler.load_state_dict(state["schedule"])
        self.scaler.load_state_dict(state["scaler"])
        self.progress = Progress(**state["progress"])
        log.info("resumed at step %d", self.progress.step)
