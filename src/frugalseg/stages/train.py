"""Stage `train`: one round of one arm and seed, from its ledger to a model file."""

import hashlib
import math
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from pydantic import Field
from torch import nn

from frugalseg.core import paths
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.environment import describe_machine, package_versions, peak_memory
from frugalseg.core.files import read_json, sha256, write_csv, write_json
from frugalseg.core.randomness import torch_seed
from frugalseg.core.registry import lookup
from frugalseg.data.fit import stack_scale
from frugalseg.data.holdout import assign_validation, make_folds
from frugalseg.data.ledger import read_ledger
from frugalseg.data.pseudo import load_training_masks
from frugalseg.data.stack import open_stack
from frugalseg.models.build import build_model
from frugalseg.models.file import load_weights, save_model
from frugalseg.models.flips import average_flips
from frugalseg.settings.model import ModelParams
from frugalseg.settings.section import Section
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.tags import WeakParams
from frugalseg.settings.training import CrossParams, TrainingParams
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES
from frugalseg.training.checkpoint import Checkpoint
from frugalseg.training.direct import fit_directly
from frugalseg.training.loop import Loop, Progress
from frugalseg.training.strategy import DirectStrategy, Strategy
from frugalseg.training.training_data import TrainingData, window
from frugalseg.training.validation import Validation
from frugalseg.training.watch import Watcher, write_watched


class Run(Section):
    """One training: what it learns from, and what its randomness derives from.

    Attributes:
        options: keyword arguments of the strategy.
        weak: how tags train the network; None for strategies that do not learn from tags.
        origin: see `frugalseg.data.origin`.
        code: digest of the code, so that changed code does not resume from an old checkpoint.
    """

    dataset: str
    arm: str
    seed: int
    round: int
    strategy: str
    model: ModelParams
    training: TrainingParams
    options: dict[str, Any] = Field(default_factory=dict)
    unlabeled: UnlabeledParams | None = None
    weak: WeakParams | None = None
    origin: str | None = None
    code: str = ""

    @property
    def key(self) -> tuple[int | str, ...]:
        """Return what every random draw of this job derives from.

        The arm is not part of it: arms that learn from the same labels see them in the same order
        and augmented alike, so that they differ in nothing but what is compared.
        """
        return self.seed, self.round

    @property
    def weights_key(self) -> tuple[int | str, ...]:
        """Return what the initial weights derive from: all arms of a seed share them.

        So arms differ in nothing but what is compared. A model with a `seed` of its own has other
        weights, for a comparison of an arm with itself.
        """
        return self.seed, "weights", *((self.model.seed,) if self.model.seed else ())

    def with_training(self, training: TrainingParams) -> "Run":
        """Return the same job with another training."""
        return self.model_copy(update={"training": training})


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
    length: Path | None = None,
) -> None:
    """Train and write `model.safetensors`, `history.csv`, `run.json` and `watch.npz` into `out`.

    Args:
        start: model file whose weights training starts from; None for the initial weights.
        resume: folder of resume checkpoints; this run's is named after all that it depends on.
        split: the part of every image; for a strategy that learns from unlabeled images.
        pseudo: pseudo-masks to learn from where no mask was bought.
        length: what stage `length` wrote, for a training with `steps: auto`.
    """
    configure(threads)
    chosen = read_json(length) if length is not None else None
    if chosen is not None:
        job = job.with_training(job.training.of_length(chosen["steps"]))
    inputs = hash_inputs(
        prepared, ledger=ledger_file, start=start, split=split, pseudo=pseudo, length=length
    )
    checkpoint_file = resume_file(resume, job, inputs)
    data = load_data(job, prepared, ledger_file, pseudo)
    watcher = data.watcher()
    folds, seconds = _cross_validate(job, data, split, checkpoint_file)
    result, model = fit(job, data, start, split, Checkpoint(checkpoint_file), watcher)
    model.load_state_dict(result.state)
    result.seconds += seconds
    result.validation = folds or _validate_averaged(job, data, model) or result.validation
    write_watched(out, watcher, data.masks, result.frames)
    card = _model_card(job, data, result, inputs) | {"length": chosen}
    save_model(paths.within(out, paths.MODEL), model, card)
    write_csv(paths.within(out, paths.HISTORY), pd.DataFrame(result.history))
    record = _record(job, result, inputs) | {"device": str(data.device), "threads": threads}
    record |= {"length": chosen, "batch": data.batch_size}
    write_json(paths.within(out, paths.TRAIN_RECORD), record)
    for file in resume.glob(f"{checkpoint_file.stem}*.pt"):  # those of folds too
        Checkpoint(file).remove()


def configure(threads: int) -> None:
    """Prepare the process to train reproducibly with so many threads."""
    configure_process(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)


def hash_inputs(prepared: Path, **files: Path | None) -> dict[str, str]:
    """Return the SHA-256 of the stack (of its card, which has those of all pixels) and of files."""
    named = {"stack": paths.within(prepared, paths.CARD), **files}
    return {name: sha256(file) for name, file in named.items() if file}


def load_data(job: Run, prepared: Path, ledger_file: Path, pseudo: Path | None) -> TrainingData:
    """Return what a job learns from: see `run` for the files."""
    card = read_json(paths.within(prepared, paths.CARD))
    stack, ledger = open_stack(prepared), read_ledger(ledger_file)
    ledger = assign_validation(ledger, stack.index, stack.duplicates, job.training.validation)
    masks, ledger = load_training_masks(stack, ledger, pseudo)
    return TrainingData(
        training=job.training,
        stack=stack,
        ledger=ledger,
        masks=masks,
        card=card,
        key=job.key,
        device=pick_device(),
        tags=job.weak,
        origin=job.origin,
    )


def _cross_validate(
    job: Run, data: TrainingData, split: Path | None, resume: Path
) -> tuple[Validation | None, float]:
    """Return the validation of models trained without one fold each, and the seconds they took.

    Apart from their labels they are trained as the model that is kept. None, 0 if not set.
    """
    if not isinstance(job.training.validation, CrossParams):
        return None, 0.0
    tallies, seconds = [], 0.0
    index, pairs = data.stack.index, data.stack.duplicates
    ledgers = make_folds(data.ledger, index, pairs, job.training.validation.folds)
    for number, ledger in enumerate(ledgers):
        fold = replace(data, ledger=ledger, key=(*data.key, "fold", number))
        # kept to the end: a run that is killed later does not train its folds again
        checkpoint = Checkpoint(resume.with_stem(f"{resume.stem}-fold-{number}"))
        result, model = fit(job, fold, None, split, checkpoint, None)
        seconds += result.seconds
        model.load_state_dict(result.state)
        averaged = average_flips(model, job.training.flips)
        tallies.append(fold.mask_validator().tally(averaged))
    return reduce(add, tallies).result(), seconds


def _validate_averaged(job: Run, data: TrainingData, model: nn.Module) -> Validation | None:
    """Return the validation of predictions averaged over flips; None without flips or validation.

    They are more certain of some pixels than single ones, so the loop's threshold is not theirs.
    """
    validator = data.validator() if job.training.flips else None
    return validator(average_flips(model, job.training.flips)) if validator else None


def fit(
    job: Run,
    data: TrainingData,
    start: Path | None,
    split: Path | None,
    checkpoint: Checkpoint,
    watcher: Watcher | None,
) -> tuple[Progress, nn.Module]:
    """Train a network to the end; return what was done, and the network in its last state."""
    model = build_model(
        **network(job.model),
        classes=data.classes,
        channels=data.card["channels"],
        seed=torch_seed(*job.weights_key),
    )
    if start is not None:
        load_weights(start, model)
    losses = {
        name: (
            term.weight,
            lookup(LOSSES, name, "loss")(data.classes, **term.model_dump(exclude={"weight"})),
        )
        for name, term in job.training.loss.items()
    }
    options = job.options | ({"options": job.weak} if job.weak is not None else {})
    strategy: Strategy = lookup(STRATEGIES, job.strategy, "strategy")(model, losses, **options)
    if isinstance(strategy, DirectStrategy):
        return fit_directly(strategy, data), strategy.inference_model()
    loop = Loop(
        strategy,
        data.batches(strategy.strong_views, job.unlabeled or UnlabeledParams(), split),
        data.validator(),
        job.training,
        key=data.key,
        device=data.device,
        checkpoint=checkpoint,
        watcher=watcher,
    )
    return loop.run(), strategy.inference_model()


def network(model: ModelParams) -> dict[str, Any]:
    """Return the settings of a network as `build_model` takes them."""
    return model.model_dump(
        mode="json", exclude={"seed"} | (set() if model.dropout else {"dropout"})
    )


def resume_file(folder: Path, job: Run, inputs: dict[str, str]) -> Path:
    """Return the checkpoint of a job; its name is a hash of all that the job depends on."""
    key = hashlib.sha256(repr((job, sorted(inputs.items()))).encode()).hexdigest()[:24]
    return folder / f"{key}.pt"


def _model_card(
    job: Run, data: TrainingData, result: Progress, inputs: dict[str, str]
) -> dict[str, Any]:
    """Return what predicting with the model needs, and where the model comes from.

    `scale` is that of the stack, and `levels` how deeper images became 8 bits. `data` is the hash
    of the stack's card, which has those of all pixels; `labels` is the hash of the ledger.
    """
    names = ("classes", "channels", "image_size", "fit", "levels")
    return {
        **{name: data.card[name] for name in names},
        **job.model_dump(include={"dataset", "arm", "seed", "round"}),
        "model": network(job.model),
        "scale": stack_scale(data.stack.index, data.card["fit"]),
        "normalize": job.training.normalize,
        "threshold": result.validation.threshold,
        "validation": job.training.model_dump(mode="json")["validation"],
        "flips": job.training.flips,
        "window": window(job.training),
        "data": inputs["stack"],
        "labels": inputs["ledger"],
    }


def _record(job: Run, result: Progress, inputs: dict[str, str]) -> dict[str, Any]:
    validation = result.validation
    return {
        **job.model_dump(mode="json", exclude={"weak", "origin"}),
        "unlabeled": (job.unlabeled or UnlabeledParams()).model_dump(mode="json"),
        "tags": job.weak.model_dump() if job.weak else None,
        "inputs": inputs,
        "steps": len(result.history),
        "best_step": result.best_step,
        "validation_dice": None if math.isnan(validation.dice) else validation.dice,
        "validation_nll": None if math.isnan(validation.nll) else validation.nll,
        "threshold": validation.threshold,
        "seconds": round(result.seconds, 2),
        "micro_batch": result.micro_batch_size,
        "peak_memory_mib": peak_memory(),
        "machine": describe_machine() | {"instructions": torch.backends.cpu.get_cpu_capability()},
        "versions": package_versions(),
    }
