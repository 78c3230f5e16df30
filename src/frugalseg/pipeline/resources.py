"""What a job asks of a cluster: memory and minutes, from the parameters that decide them.

Requests are upper bounds to start from and not measurements of a job: what turns out too little is
asked for again, times the attempt, and a training goes on at its checkpoint.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil, prod

from frugalseg.params import Arm
from frugalseg.pipeline.rule_params import Study

PROCESS_MB = 1500
"""Libraries, weights, optimizer and a validation; 722 MB are libraries alone."""

MB_PER_PIXEL = 8e-3
"""Of a batch: 2.5e-3 measured with EfficientNet-lite0 and U-Net, 6.6e-3 with B4 and U-Net++."""

SECONDS_PER_PIXEL = 6e-5
"""And step, of one thread: 6e-6 and 3e-5 measured with the same, on a busy machine."""

MINUTES = 20
"""What every job may take before it computes anything: a cold file system, imports, a queue."""


@dataclass(frozen=True)
class Request:
    """What one attempt of a job asks for.

    Attributes:
        mem_mb: of the machine. runtime: minutes. vram_mb: of a GPU, for jobs that share one.
    """

    mem_mb: int
    runtime: int
    vram_mb: int


@cache
def training_request(study: Study, dataset: str, arm: str) -> Request:
    """Return the request of one round of an arm of a study."""
    return training(study.plans[dataset].arms[arm], study.params.datasets[dataset].image_size)


@cache
def prediction_request(study: Study, dataset: str, arm: str) -> Request:
    """Return the request of a job that shows a data set's images to all models of a run."""
    size, rounds = study.params.datasets[dataset].image_size, study.plans[dataset].arms[arm].rounds
    return prediction(size, len(rounds))


def training(arm: Arm, image_size: tuple[int, int]) -> Request:
    """Return the request of one round of an arm on images of height x width."""
    pixels = batch_pixels(arm, image_size)
    seconds = arm.training.steps * pixels * SECONDS_PER_PIXEL / arm.training.threads
    return _request(pixels, seconds)


def prediction(image_size: tuple[int, int], rounds: int = 1) -> Request:
    """Return the request of a job that shows images to the models of a number of rounds."""
    return _request(prod(image_size), rounds * 60.0 * MINUTES)


def batch_pixels(arm: Arm, image_size: tuple[int, int]) -> int:
    """Return the pixels of a training step: of labeled images, and two views of unlabeled ones."""
    training, unlabeled = arm.training, arm.unlabeled
    crop = training.augment.crop
    images = training.batch
    if unlabeled is not None:
        images += 2 * (unlabeled.batch or training.batch)
    return images * prod(image_size if crop is None else crop.size)


def _request(pixels: int, seconds: float) -> Request:
    activations = ceil(pixels * MB_PER_PIXEL)
    return Request(PROCESS_MB + activations, MINUTES + ceil(seconds / 60), 1000 + activations)
