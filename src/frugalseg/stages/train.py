"""Stage `train`: one arm, one seed, one round, from its ledger to a model file."""

import hashlib
import math
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import nn

from frugalseg.core import paths
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.environment import describe_machine, package_versions, peak_memory
from frugalseg.core.files import read_json, sha256, write_csv, write_json
from frugalseg.core.randomness import torch_seed
from frugalseg.core.registry import lookup
from frugalseg.data.extent import stack_scale
from frugalseg.data.holdout import assign_validation, make_folds
from frugalseg.data.ledger import read_ledger
from frugalseg.data.pseudo import load_training_masks
from frugalseg.data.stack import Stack, open_stack
from frugalseg.models.build import build_model
from frugalseg.models.file import load_weights, save_model
from frugalseg.settings.model import ModelParams
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.tags import WeakParams
from frugalseg.settings.training import CrossParams, LossParams, TrainingParams
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.loop import Loop, Progress
from frugalseg.training.losses import Loss
from frugalseg.training.strategy import Strategy
from frugalseg.training.training_data import TrainingData, window
from frugalseg.training.validation import Validation
from frugalseg.training.watch import Watcher, write_watched


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
    options: dict[str, Any] = field(default_factory=dict)
    unlabeled: UnlabeledParams = field(default_factory=UnlabeledParams)
    tags: WeakParams | None = None
    origin: str | None = None

    @classmethod
    def of(cls, settings: dict[str, Any], **names: Any) -> "Run":
        """Build a job from plain settings and names, as a rule hands them over."""
        model = ModelParams.model_validate(settings["model"])
        training = TrainingParams.model_validate(settings["training"])
        names |= {"seed": int(names["seed"]), "round": int(names["round"])}
        unlabeled = UnlabeledParams.model_validate(settings.get("unlabeled") or {})
        given = settings.get("weak")
        return cls(
            strategy=settings["strategy"],
            model=model,
            training=training,
            options=settings.get("options", {}),
            unlabeled=unlabeled,
            tags=WeakParams.model_validate(given) if given else None,
            origin=settings.get("origin"),
            **names,
        )

    @property
    def key(self) -> tuple[int | str, ...]:
        """Return what every random draw of this job derives from."""
        return self.seed, self.arm, self.round

    @property
    def weights_key(self) -> tuple[int | str, ...]:
        """Return what the initial weights derive from: the arms of a seed share them.

        So arms differ in nothing but what is compared. A model with another `seed` does not share
        them: the same arm twice, for an A/A.
        """
        other = (self.model.seed,) if self.model.seed else ()
        return self.seed, "weights", *other


def run(
    job: Run,
    prepared: Path,
    ledger_file: Path,
    start: Path | None,
    out: Path,
    *,
    resume: Path,
    threads: int,
    split: Path | None = None,
    pseudo: Path | None = None,
) -> None:
    """Train and write `model.safetensors`, `history.csv`, `run.json` and `watch.npz` into `out`.

    Args:
        pseudo: pseudo-masks to learn from where no mask was bought.
        resume: folder of resume checkpoints; this run's is named by all that it depends on.
        split: which images belong to which part; for a strategy that sees unlabeled images.
    """
    configure_process(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    device = pick_device()
    card = read_json(paths.within(prepared, paths.CARD))
    inputs = _input_hashes(prepared, ledger_file, start, split)
    if pseudo is not None:
        inputs["pseudo"] = sha256(pseudo)
    resume_file = resume / f"{_resume_key(job, inputs)}.pt"
    stack, ledger = open_stack(prepared), read_ledger(ledger_file)
    ledger = assign_validation(ledger, stack.index, job.training.validation)
    masks, ledger = load_training_masks(stack, ledger, pseudo)
    data = TrainingData(
        training=job.training,
        stack=stack,
        ledger=ledger,
        masks=masks,
        card=card,
        key=job.key,
        device=device,
        tags=job.tags,
        origin=job.origin,
    )
    watcher = data.watcher()
    folds = _folds(job, data, start, split, resume_file)
    checkpoint = Checkpoint(resume_file)
    result, model = _train(job, data, start, split, checkpoint, watcher)
    if folds is not None:
        result = replace(result, validation=folds)
    model.load_state_dict(result.state)
    write_watched(out, watcher, masks, result.frames)
    save_model(paths.within(out, paths.MODEL), model, model_card(job, card, stack, result, inputs))
    write_csv(paths.within(out, paths.HISTORY), pd.DataFrame(result.history))
    write_json(paths.within(out, paths.TRAIN_RECORD), _record(job, result, inputs, device, threads))
    checkpoint.remove()


def _folds(
    job: Run, data: TrainingData, start: Path | None, split: Path | None, resume: Path
) -> Validation | None:
    """Return the validation of models that are trained without a fold each; None if not asked for.

    They are trained as the model that is kept, which sees all labels.
    """
    if not isinstance(job.training.validation, CrossParams):
        return None
    tallies = []
    ledgers = make_folds(data.ledger, data.stack.index, job.training.validation.folds)
    for number, ledger in enumerate(ledgers):
        fold = replace(data, ledger=ledger, key=(*data.key, "fold", number))
        checkpoint = Checkpoint(resume.with_stem(f"{resume.stem}-fold-{number}"))
        result, model = _train(job, fold, start, split, checkpoint, None)
        model.load_state_dict(result.state)
        tallies.append(fold.mask_validator().tally(model))
        checkpoint.remove()
    return reduce(add, tallies).result()


def _train(
    job: Run,
    data: TrainingData,
    start: Path | None,
    split: Path | None,
    checkpoint: Checkpoint,
    watcher: Watcher | None,
) -> tuple[Progress, nn.Module]:
    model = build_model(
        **network(job.model),
        classes=data.classes,
        channels=data.card["channels"],
        seed=torch_seed(*job.weights_key),
    )
    if start is not None:
        load_weights(start, model)
    strategy = build_strategy(job, model, data.classes)
    loop = Loop(
        strategy,
        data.batches(strategy.strong_views, job.unlabeled, split),
        data.validator(),
        job.training,
        key=data.key,
        device=data.device,
        checkpoint=checkpoint,
        watcher=watcher,
    )
    return loop.run(), strategy.inference_model()


def build_strategy(job: Run, model: nn.Module, classes: int) -> Strategy:
    """Build the strategy of a job around its network."""
    losses = {
        name: (term.weight, _loss(name, classes, term)) for name, term in job.training.loss.items()
    }
    options = job.options | ({"options": job.tags} if job.tags is not None else {})
    strategy: Strategy = lookup(STRATEGIES, job.strategy, "strategy")(model, losses, **options)
    return strategy


def _loss(name: str, classes: int, term: LossParams) -> Loss:
    options = term.model_dump(include={"gamma", "class_weights"})
    loss: Loss = lookup(LOSSES, name, "loss")(classes, **options)
    return loss


def network(model: ModelParams) -> dict[str, Any]:
    """Return the settings of a network as `build_model` takes them."""
    names = {"arch", "encoder", "weights", "decoder_channels", "flex"}
    return model.model_dump(mode="json", include=names | ({"dropout"} if model.dropout else set()))


def model_card(
    job: Run, card: dict[str, Any], stack: Stack, result: Progress, inputs: dict[str, str]
) -> dict[str, Any]:
    """Return what predicting with the model needs to know, and where it comes from.

    `scale` is that of the stack, `levels` how images deeper than 8 bits came to it; `data` is the
    hash of its card, which holds those of all pixels, and `labels` the hash of the ledger.
    """
    return {
        "model": network(job.model),
        "classes": card["classes"],
        "channels": card["channels"],
        "image_size": card["image_size"],
        "fit": card["fit"],
        "scale": stack_scale(stack.index, card["fit"]),
        "levels": card["levels"],
        "normalize": job.training.normalize,
        "threshold": result.validation.threshold,
        "validation": job.training.model_dump(mode="json")["validation"],
        "window": window(job.training),
        "flips": job.training.flips,
        "dataset": job.dataset,
        "arm": job.arm,
        "seed": job.seed,
        "round": job.round,
        "data": inputs["stack"],
        "labels": inputs["ledger"],
    }


def _input_hashes(
    prepared: Path, ledger: Path, start: Path | None, split: Path | None
) -> dict[str, str]:
    """Hash what the run learns from; the stack by its card, which holds its own hashes."""
    files = {
        "stack": paths.within(prepared, paths.CARD),
        "ledger": ledger,
        "start": start,
        "split": split,
    }
    return {name: sha256(path) for name, path in files.items() if path is not None}


def _resume_key(job: Run, inputs: dict[str, str]) -> str:
    """Hash all that a run depends on: no other configuration resumes from its checkpoint."""
    return hashlib.sha256(repr((job, sorted(inputs.items()))).encode()).hexdigest()[:24]


def _number(value: float) -> float | None:
    """Return a value as JSON can hold it."""
    return None if math.isnan(value) else value


def _record(
    job: Run, result: Progress, inputs: dict[str, str], device: torch.device, threads: int
) -> dict[str, Any]:
    return {
        "dataset": job.dataset,
        "arm": job.arm,
        "seed": job.seed,
        "round": job.round,
        "strategy": job.strategy,
        "model": job.model.model_dump(mode="json"),
        "training": job.training.model_dump(mode="json"),
        "options": job.options,
        "unlabeled": job.unlabeled.model_dump(mode="json"),
        "tags": job.tags.model_dump() if job.tags else None,
        "code": job.code,
        "inputs": inputs,
        "steps": len(result.history),
        "best_step": result.best_step,
        "validation_dice": _number(result.validation.dice),
        "validation_nll": _number(result.validation.nll),
        "threshold": result.validation.threshold,
        "seconds": round(result.seconds, 2),
        "threads": threads,
        "device": str(device),
        "micro_batch": result.micro_batch_size,
        "peak_memory_mib": peak_memory(),
        "machine": describe_machine() | {"instructions": torch.backends.cpu.get_cpu_capability()},
        "versions": package_versions(),
    }
