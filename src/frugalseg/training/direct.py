"""A fit without the loop: of a strategy that sees all labels at once."""

import logging
import time

from frugalseg.training.loop import NO_VALIDATION, Progress
from frugalseg.training.strategy import DirectStrategy
from frugalseg.training.training_data import TrainingData

log = logging.getLogger(__name__)


def fit_directly(strategy: DirectStrategy, data: TrainingData) -> Progress:
    """Fit a strategy's model; return what `Loop.run` does.

    Every evaluation of the loss counts as a step. Validation only sets the threshold, because
    there is one state to keep.
    """
    started = time.monotonic()
    losses = strategy.to(data.device).fit(data.labeled())
    model, validate = strategy.inference_model(), data.validator()
    validation = validate(model) if validate is not None else NO_VALIDATION
    log.info("fitted to loss %.4f after %d evaluations", losses[-1], len(losses))
    return Progress(
        step=len(losses),
        seconds=time.monotonic() - started,
        history=[{"step": step, "loss": loss} for step, loss in enumerate(losses, start=1)],
        state={name: tensor.detach().cpu() for name, tensor in model.state_dict().items()},
        best_step=len(losses),
        validation=validation,
    )
