"""The memory and minutes that a job requests from a cluster, by the parameters that decide them.

Requests are upper bounds, not measurements of a job. An attempt that gets too little is repeated
with a multiple, and a training goes on at its checkpoint.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil, prod

from frugalseg.params import Arm
from frugalseg.pipeline.rule_params import Study
from frugalseg.settings.dataset import MOST_PIXELS
from frugalseg.settings.training import LengthParams

PROCESS_MB = 1500
"""Libraries, weights, optimizer and a validation; the libraries alone are 722 MB."""

MB_PER_PIXEL = 8e-3
"""Of a batch: 2.5e-3 measured with EfficientNet-lite0 and U-Net, 6.6e-3 with B4 and U-Net++."""

SECONDS_PER_PIXEL = 6e-5
"""Of a step in one thread: 6e-6 and 3e-5 measured with the same models, on a busy machine."""

MINUTES = 20
"""What any job may take before it computes: a cold file system, imports, a queue."""

LENGTH_THREADS = 2
"""Threads that choose a length, at least, while all trainings wait for it.

A constant, since another number of threads rounds differently and might choose another length.
"""

LARGEST = (512, MOST_PIXELS // 512)
"""A height and width of the most pixels that `image_size: auto` chooses."""


@dataclass(frozen=True)
class Request:
    """The request of one attempt of a job.

    Attributes:
        mem_mb: memory of the machine. runtime: minutes. vram_mb: memory of a shared GPU.
    """

    mem_mb: int
    runtime: int
    vram_mb: int


@cache
def training_request(study: Study, dataset: str, arm: str) -> Request:
    """Return the request of one training of an arm; of the longest, where the length is chosen."""
    return _training(study, dataset, arm, trainings=1)


@cache
def length_request(study: Study, dataset: str, arm: str) -> Request:
    """Return the request of choosing a length: lengths that double add up to twice the last."""
    return _training(study, dataset, arm, trainings=2)


def _training(study: Study, dataset: str, arm: str, *, trainings: int) -> Request:
    planned = study.plans[dataset].arms[arm]
    pixels = batch_pixels(planned, _size(study, dataset))
    steps = planned.training.steps
    longest = steps.most if isinstance(steps, LengthParams) else steps
    seconds = trainings * longest * pixels * SECONDS_PER_PIXEL / planned.training.threads
    return _request(pixels, seconds)


@cache
def prediction_request(study: Study, dataset: str, arm: str) -> Request:
    """Return the request of a job that predicts a data set with all models of a run."""
    rounds = len(study.plans[dataset].arms[arm].rounds)
    return _request(prod(_size(study, dataset)), rounds * 60.0 * MINUTES)


def _size(study: Study, dataset: str) -> tuple[int, int]:
    """Return the size of a data set's images; the largest, where it is chosen later."""
    size = study.params.datasets[dataset].image_size
    return LARGEST if size == "auto" else size


def batch_pixels(arm: Arm, image_size: tuple[int, int]) -> int:
    """Return the pixels of a training step: labeled images, and two views of unlabeled ones."""
    training, unlabeled = arm.training, arm.unlabeled
    labeled = training.batch_size(image_size)
    images = labeled + (2 * (unlabeled.batch or labeled) if unlabeled is not None else 0)
    crop = training.augment.crop
    return images * prod(image_size if crop is None else crop.size)


def _request(pixels: int, seconds: float) -> Request:
    activations = ceil(pixels * MB_PER_PIXEL)
    return Request(PROCESS_MB + activations, MINUTES + ceil(seconds / 60), 1000 + activations)
