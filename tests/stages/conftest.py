"""A small training job on the squares of `prepared`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from frugalseg.settings.model import ModelParams
from frugalseg.settings.strategy import FrozenParams, MeanTeacherParams, UnlabeledParams
from frugalseg.settings.training import CrossParams, TrainingParams
from frugalseg.stages import train

MODEL = ModelParams(
    arch="unet",
    encoder="tu-tf_efficientnet_lite0",
    weights="bundled",
    decoder_channels=(16, 16, 8, 8, 8),
)
TRAINING = TrainingParams.model_validate(
    {
        "loss": ["dice", "focal"],
        "lr": 0.003,
        "schedule": "cosine",
        "steps": 6,
        "batch": 4,
        "validation": "split",
        "validate_every": 2,
        "tta": "none",
        "augment": {"hflip": 0.5, "rot90": True},
    }
)


@pytest.fixture
def job() -> train.Run:
    """Return a supervised run of six steps."""
    names = {"dataset": "squares", "arm": "initial", "seed": 0, "round": 0}
    return train.Run(strategy="supervised", model=MODEL, training=TRAINING, **names)  # type: ignore[arg-type]


@pytest.fixture
def semi() -> train.Run:
    """Return a Mean Teacher run of six steps."""
    names = {"dataset": "squares", "arm": "mean_teacher", "seed": 0, "round": 0}
    return train.Run(
        strategy="mean_teacher",
        model=MODEL,
        training=TRAINING,
        options=MeanTeacherParams(rampup_steps=4, frozen_stages=1).model_dump(),
        unlabeled=UnlabeledParams(batch=2, cutmix=0.5),
        **names,  # type: ignore[arg-type]
    )


@pytest.fixture
def trained(prepared: Path, ledger: Path, job: train.Run) -> Callable[..., Path]:
    """Return a function that runs the job, or another one, into a folder of a given name."""

    def run(name: str, job: train.Run = job) -> Path:
        out = prepared.parent / name
        out.mkdir()
        train.run(job, prepared, ledger, None, out, resume=prepared.parent / "resume", threads=1)
        return out

    return run


@pytest.fixture
def frozen(job: train.Run) -> train.Run:
    """Return the fit of a head on frozen features, with a threshold from folds."""
    model = ModelParams(arch="frozen_head", encoder=MODEL.encoder, weights="bundled")
    training = TRAINING.model_copy(update={"validation": CrossParams(folds=2)})
    options = FrozenParams(pixels=2000, iterations=20).model_dump()
    fields = {"strategy": "frozen", "model": model, "training": training, "options": options}
    return job.model_copy(update=fields)
