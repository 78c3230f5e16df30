"""Stage `evaluate`: all rounds of one run on the test split, in one process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from pydantic import TypeAdapter
from torch import Tensor, nn

from frugalseg.core import paths
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, replacing
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.holdout import assign_validation
from frugalseg.data.ledger import RevealedMasks, labeled_rows, read_ledger
from frugalseg.data.patch import PatchRows
from frugalseg.data.samples import choose_samples
from frugalseg.data.stack import Stack, open_masks, open_stack
from frugalseg.inference.evaluation import (
    Evaluated,
    Truth,
    count_patches,
    evaluate,
    validation_temperature,
    whole_images,
)
from frugalseg.inference.passes import Passes, predict_passes
from frugalseg.inference.predictions import write_predictions
from frugalseg.models.dropout import find_dropout
from frugalseg.models.file import load_model
from frugalseg.models.flips import average_flips
from frugalseg.models.predict import predict
from frugalseg.models.scaling import Scaling
from frugalseg.settings.training import Validation

Batches = Iterator[tuple[NDArray[np.int64], Tensor]]
Predict = Callable[[NDArray[np.int64]], Batches]


@dataclass(frozen=True)
class RoundFiles:
    """What a round leaves behind: its model, and the ledger it was trained with."""

    number: int
    model: Path
    ledger: Path

    @classmethod
    def of(cls, numbers: list[int], models: list[str], ledgers: list[str]) -> "list[RoundFiles]":
        """Put the files of several rounds together, as a rule hands them over."""
        files = zip(numbers, models, ledgers, strict=True)
        return [cls(number, Path(model), Path(ledger)) for number, model, ledger in files]


def run(
    prepared: Path,
    split: Path,
    rounds: list[RoundFiles],
    out: Path,
    *,
    key: tuple[int | str, ...],
    samples: int | Literal["all"],
    passes: int,
    threads: int,
    patch: tuple[int, int] | None = None,
) -> None:
    """Evaluate every round into the folder `out`.

    There come `counts.parquet` per image (of tiles: per whole image), `objects.parquet`,
    `calibration.parquet`, `confusion.parquet`, and `predictions.parquet`, what is predicted of the
    test images, for looking at it.

    Args:
        samples: of how many test images predictions are kept; `all`, or 0.
        key: what dropout masks derive from, such as (seed, arm).
        passes: 1 for the deterministic pass; of more, models with dropout get the mean.
        patch: also count on the center patch of this size, as thresholds `patch` and `patch_half`.
    """
    configure_process(threads)
    stack = open_stack(prepared)
    classes = read_json(paths.within(prepared, paths.CARD))["classes"]
    test = _test_images(stack, split)
    size = len(test) if samples == "all" else samples
    chosen = choose_samples(test["image_id"].tolist(), test["foreground"].to_numpy(), size)
    shown = set(stack.rows(pd.Series(chosen)))
    found = {
        files.number: _evaluate(files, stack, test, classes, shown, Passes(passes, key), patch)
        for files in sorted(rounds, key=lambda files: files.number)
    }
    for name in ("counts", "calibration", "objects", "confusion"):
        tables = [getattr(e, name).assign(round=r) for r, e in found.items()]
        with replacing(out / f"{name}.parquet") as partial_file:
            pd.concat(tables, ignore_index=True).to_parquet(partial_file, index=False)
    kept = pd.concat([e.predictions.assign(round=r) for r, e in found.items()], ignore_index=True)
    write_predictions(paths.within(out, paths.PREDICTIONS), kept)


def _test_images(stack: Stack, split: Path) -> pd.DataFrame:
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
    names = set(parts.loc[parts["part"] == "test", "image_id"])
    return stack.index[stack.index["image_id"].isin(names)].reset_index(drop=True)


def _evaluate(
    files: RoundFiles,
    stack: Stack,
    test: pd.DataFrame,
    classes: list[str],
    samples: set[int],
    passes: Passes,
    patch: tuple[int, int] | None,
) -> Evaluated:
    device = pick_device()
    model, card = load_model(files.model)
    model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    named = Passes(passes.count, (*passes.key, files.number, "evaluate"))
    look = _look(model, card, device, named)
    rows, names = test["row"].to_numpy(np.int64), test["image_id"].tolist()
    masks = open_masks(stack.masks_path)
    rng = generator(*passes.key, files.number, "temperature")
    found = evaluate(
        look(stack.images, rows),
        Truth(masks, names, classes),
        threshold=card["threshold"],
        temperature=_temperature(
            partial(look, stack.images), stack, _validation_ledger(files.ledger, stack, card), rng
        ),
        samples=samples,
    )
    if "source_id" in test:
        image_of = dict(zip(names, test["source_id"], strict=True))
        found = replace(found, counts=whole_images(found.counts, image_of))
    if patch is None:
        return found
    patches = look(PatchRows(stack.images, patch), rows)
    truth = Truth(PatchRows(masks, patch), names, classes)
    counts = count_patches(patches, truth, card["threshold"])
    return replace(found, counts=pd.concat([found.counts, counts], ignore_index=True))


def _look(
    model: nn.Module, card: dict[str, Any], device: torch.device, passes: Passes
) -> Callable[[Rows, NDArray[np.int64]], Batches]:
    """Return what gives the probabilities of images: by sliding window, if the model has one."""
    window, scaling = card.get("window"), Scaling(card["normalize"])
    if passes.count == 1 or find_dropout(model) is None:
        model = average_flips(model, card.get("flips", []))
        return partial(predict, model, scaling=scaling, device=device, window=window)
    if window is not None:
        raise FrugalsegError(
            f"evaluation.passes: expected 1 for arm {card['arm']!r}, whose model predicts by "
            f"sliding window (training.<name>.window), found {passes.count}. Set it to 1, or "
            "remove 'window' from the training section that the arm uses, in params.yaml."
        )

    def mean_probs(images: Rows, rows: NDArray[np.int64]) -> Batches:
        batches = predict_passes(model, images, rows, scaling=scaling, device=device, passes=passes)
        return ((chosen, probs) for chosen, probs, _ in batches)

    return mean_probs


def _validation_ledger(file: Path, stack: Stack, card: dict[str, Any]) -> pd.DataFrame:
    """Return the ledger with the images in part `val` that the model was validated on.

    Models of before this setting was one were validated on the part of the split.
    """
    validation = TypeAdapter(Validation).validate_python(card.get("validation", "split"))
    return assign_validation(read_ledger(file), stack.index, validation)


def _temperature(
    predict: Predict, stack: Stack, ledger: pd.DataFrame, rng: np.random.Generator
) -> float:
    """Fit the temperature on the validation masks that the ledger holds."""
    rows = labeled_rows(stack.index, ledger, "val")
    masks = RevealedMasks(stack.masks_path, stack.index, ledger)
    pixels = len(rows) * stack.images.shape[1] * stack.images.shape[2]
    return validation_temperature(predict(rows), masks, pixels, rng)
