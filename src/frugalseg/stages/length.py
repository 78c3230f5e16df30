"""Stage `length`: how many steps a training with `steps: auto` takes, chosen on validation."""

import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.core.files import write_json
from frugalseg.settings.training import HoldoutParams, LengthParams
from frugalseg.stages.train import Run, configure, fit, hash_inputs, load_data, resume_file
from frugalseg.statistics.convergence import falls_late
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.length import Attempt, choose_length

SHARE = 0.3
"""Of the labels, to validate on where the training validates nothing itself."""

log = logging.getLogger(__name__)


def run(
    job: Run,
    training: str,
    prepared: Path,
    ledger_file: Path,
    split: Path,
    out: Path,
    *,
    resume: Path,
    threads: int,
) -> None:
    """Train `job` at ever more steps and write `out`: the length, and the attempts that chose it.

    Validation images come from the part `val` or from the arm's own labels, never from the test
    images. Nothing depends on the speed of the machine.

    Args:
        job: the arm and seed that the length is chosen on.
        training: name of the section of `params.yaml`.
    """
    configure(threads)
    options = job.training
    if not options.validates:
        options = options.model_copy(update={"validation": HoldoutParams(share=SHARE)})
    if not isinstance(options.steps, LengthParams):
        raise TypeError(f"training {training}: expected 'steps: auto', found {options.steps}")
    inputs = hash_inputs(prepared, ledger=ledger_file, split=split)
    data = load_data(job.with_training(options), prepared, ledger_file, None)
    checkpoints = []
    seconds_per_step = 0.0

    def train(steps: int) -> Attempt:
        nonlocal seconds_per_step
        if seconds_per_step:
            log.info("%d steps, which take about %.0f s", steps, steps * seconds_per_step)
        attempt = job.with_training(options.of_length(steps))
        checkpoint = Checkpoint(resume_file(resume, attempt, inputs))
        # kept to the end: a run that is killed later does not train the shorter ones again
        checkpoints.append(checkpoint)
        of_length = replace(data, training=attempt.training)
        result, _ = fit(attempt, of_length, None, split, checkpoint, None)
        seconds_per_step = result.seconds / steps
        tried = Attempt(steps, result.validation.score, falls_late(pd.DataFrame(result.history)))
        state = "still falling" if tried.falls_late else "flat"
        log.info("%d steps: validation score %.4f, loss %s", steps, tried.score, state)
        return tried

    length = choose_length(train, options.steps)
    record: dict[str, Any] = {
        "training": training,
        "steps": length.steps,
        "curve": [asdict(attempt) for attempt in length.attempts],
        "limit_reached": length.limit_reached,
        "arm": job.arm,
        "seed": job.seed,
    }
    write_json(out, record)
    for checkpoint in checkpoints:
        checkpoint.remove()
