"""Stage `train`: one arm, one seed, one round, from its ledger to a model file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import nn

from frugalseg.data.geometry import GeometryOptions
from frugalseg.data.labels import RevealedMasks, labeled_rows, read_ledger
from frugalseg.data.stack import Stack, open_stack
from frugalseg.environment import describe_machine
from frugalseg.files import read_json, sha256, write_csv, write_json
from frugalseg.models.build import build_model
from frugalseg.models.file import load_weights, save_model
from frugalseg.models.scaling import Scaling
from frugalseg.params.schema import ModelParams, TrainingParams
from frugalseg.randomness import torch_seed
from frugalseg.registry import lookup
from frugalseg.stages import weak
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES
from frugalseg.training.batches import LabeledBatches
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.loop import Loop, LoopOptions, Result
from frugalseg.training.strategy import Strategy
from frugalseg.training.tag_loss import TagOptions
from frugalseg.training.tag_validation import TagValidator
from frugalseg.training.validation import Validator


@dataclass(frozen=True)
class Run:
    """One training job: what it learns from, and the place of its randomness."""

    dataset: str
    arm: str
    seed: int
    round: int
    strategy: str
    model: ModelParams
    training: TrainingParams
    code: str = ""
    tags: TagOptions | None = None
    origin: str | None = None

    @classmethod
    def of(cls, settings: dict[str, Any], **names: Any) -> "Run":
        """Build a job from plain settings and names, as a rule hands them over."""
        model = ModelParams.model_validate(settings["model"])
        training = TrainingParams.model_validate(settings["training"])
        names |= {"seed": int(names["seed"]), "round": int(names["round"])}
        given = settings.get("weak")
        return cls(
            strategy=settings["strategy"],
            model=model,
            training=training,
            tags=TagOptions(**given) if given else None,
            origin=settings.get("origin"),
            **names,
        )

    @property
    def key(self) -> tuple[int | str, ...]:
        """Return what every random draw of this job derives from."""
        return self.seed, self.arm, self.round


def run(
    job: Run,
    prepared: Path,
    ledger_file: Path,
    start: Path | None,
    out: Path,
    *,
    resume: Path,
    threads: int,
    pseudo: Path | None = None,
) -> None:
    """Train and write `model.safetensors`, `history.csv` and `run.json` into the folder `out`.

    Args:
        pseudo: pseudo-masks to learn from where no mask was bought.
        resume: folder of resume checkpoints; this run's is named by all that it depends on.
    """
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    card = read_json(prepared / "card.json")
    inputs = _input_hashes(prepared, ledger_file, start)
    if pseudo is not None:
        inputs["pseudo"] = sha256(pseudo)
    checkpoint = Checkpoint(resume / f"{_resume_key(job, inputs)}.pt")
    stack, ledger = open_stack(prepared), read_ledger(ledger_file)
    masks, ledger = weak.targets(stack, ledger, pseudo)
    result, model = _train(job, stack, ledger, masks, card, start, device, checkpoint)
    model.load_state_dict(result.state)
    save_model(out / "model.safetensors", model, model_card(job, card, result, inputs))
    write_csv(out / "history.csv", pd.DataFrame(result.history))
    write_json(out / "run.json", _record(job, result, inputs, device, threads))
    checkpoint.remove()


def _train(
    job: Run,
    stack: Stack,
    ledger: pd.DataFrame,
    masks: RevealedMasks,
    card: dict[str, Any],
    start: Path | None,
    device: torch.device,
    checkpoint: Checkpoint,
) -> tuple[Result, nn.Module]:
    classes = len(card["classes"])
    model = build_model(
        **network(job.model),
        classes=classes,
        channels=card["channels"],
        seed=torch_seed(job.seed, "weights"),
    )
    if start is not None:
        load_weights(start, model)
    strategy = build_strategy(job, model, classes)
    loop = Loop(
        strategy,
        _batches(job, stack, ledger, masks, classes, device).__getitem__,
        _validator(job, stack, ledger, masks, classes, device),
        _loop_options(job.training),
        key=job.key,
        device=device,
        checkpoint=checkpoint,
    )
    return loop.run(), strategy.inference_model()


def build_strategy(job: Run, model: nn.Module, classes: int) -> Strategy:
    """Build the strategy of a job around its network."""
    losses = {
        name: (term.weight, lookup(LOSSES, name, "loss")(classes, gamma=term.gamma))
        for name, term in job.training.loss.items()
    }
    options = {"options": job.tags} if job.tags is not None else {}
    strategy: Strategy = lookup(STRATEGIES, job.strategy, "strategy")(model, losses, **options)
    return strategy


def network(model: ModelParams) -> dict[str, Any]:
    """Return the settings of a network as `build_model` takes them."""
    return model.model_dump(include={"arch", "encoder", "weights", "decoder_channels"})


def geometry(training: TrainingParams) -> GeometryOptions:
    """Return the random geometry that a training section asks for."""
    augment = training.augment
    affine, crop = augment.affine, augment.crop
    return GeometryOptions(
        hflip=augment.hflip,
        vflip=augment.vflip,
        rot90=augment.rot90,
        affine_p=affine.p if affine else 0.0,
        shift=affine.shift if affine else 0.0,
        scale=affine.scale if affine else 0.0,
        rotate=affine.rotate if affine else 0.0,
        crop=crop.size if crop else None,
        jitter=crop.jitter if crop else 0.0,
    )


def model_card(
    job: Run, card: dict[str, Any], result: Result, inputs: dict[str, str]
) -> dict[str, Any]:
    """Return what predicting with the model needs to know, and where it comes from."""
    return {
        "model": network(job.model),
        "classes": card["classes"],
        "channels": card["channels"],
        "image_size": card["image_size"],
        "fit": card["fit"],
        "normalize": job.training.normalize,
        "threshold": result.validation.threshold,
        "dataset": job.dataset,
        "arm": job.arm,
        "seed": job.seed,
        "round": job.round,
        "data": inputs["stack"],
    }


def _batches(
    job: Run,
    stack: Stack,
    ledger: pd.DataFrame,
    masks: RevealedMasks,
    classes: int,
    device: torch.device,
) -> LabeledBatches:
    base: dict[str, Any] = {
        "images": stack.images,
        "masks": masks,
        "size": job.training.batch,
        "geometry": geometry(job.training),
        "foreground": crop.foreground if (crop := job.training.augment.crop) else 0.0,
        "brightness": job.training.augment.brightness,
        "contrast": job.training.augment.contrast,
        "scaling": Scaling(job.training.normalize),
        "device": device,
        "key": job.key,
    }
    if job.tags is not None:
        return weak.tagged_batches(
            base, stack, ledger, job.tags, classes=classes, origin=job.origin
        )
    return LabeledBatches(**base, rows=labeled_rows(stack.index, ledger, "train"))


def _validator(
    job: Run,
    stack: Stack,
    ledger: pd.DataFrame,
    masks: RevealedMasks,
    classes: int,
    device: torch.device,
) -> Validator | TagValidator:
    """Validate by masks where any were bought, else by tags."""
    rows = labeled_rows(stack.index, ledger, "val")
    scaling = Scaling(job.training.normalize)
    if job.tags is not None and not len(rows):
        return weak.tag_validator(
            stack, ledger, job.tags, classes=classes, scaling=scaling, device=device
        )
    return Validator(
        images=stack.images,
        masks=masks,
        rows=rows,
        classes=classes,
        scaling=scaling,
        device=device,
    )


def _loop_options(training: TrainingParams) -> LoopOptions:
    return LoopOptions(**training.model_dump(include=set(LoopOptions.__dataclass_fields__)))


def _input_hashes(prepared: Path, ledger: Path, start: Path | None) -> dict[str, str]:
    """Hash what the run learns from; the stack by its card, which holds its own hashes."""
    files = {"stack": prepared / "card.json", "ledger": ledger} | (
        {"start": start} if start else {}
    )
    return {name: sha256(path) for name, path in files.items()}


def _resume_key(job: Run, inputs: dict[str, str]) -> str:
    """Hash all that a run depends on: no other configuration resumes from its checkpoint."""
    return hashlib.sha256(repr((job, sorted(inputs.items()))).encode()).hexdigest()[:24]


def _record(
    job: Run, result: Result, inputs: dict[str, str], device: torch.device, threads: int
) -> dict[str, Any]:
    return {
        "dataset": job.dataset,
        "arm": job.arm,
        "seed": job.seed,
        "round": job.round,
        "strategy": job.strategy,
        "model": job.model.model_dump(mode="json"),
        "training": job.training.model_dump(mode="json"),
        "inputs": inputs,
        "steps": len(result.history),
        "best_step": result.best_step,
        "validation_dice": result.validation.dice,
        "validation_nll": result.validation.nll,
        "threshold": result.validation.threshold,
        "seconds": round(result.seconds, 2),
        "threads": threads,
        "device": str(device),
        "machine": describe_machine(),
    }
