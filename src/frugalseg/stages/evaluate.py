"""Stage `evaluate`: all rounds of one run on the test split, in one process."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
from frugalseg.core.files import replacing
from frugalseg.core.randomness import generator
from frugalseg.core.rows import Rows
from frugalseg.data.holdout import assign_validation
from frugalseg.data.ledger import labeled_rows, read_ledger
from frugalseg.data.patch import PatchRows
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.samples import choose_samples
from frugalseg.data.split import read_split
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

Predict = Callable[[Rows, NDArray[np.int64]], Iterator[tuple[NDArray[np.int64], Tensor]]]
"""Images and the rows to predict -> batches of rows and their probabilities."""


def run(
    prepared: Path,
    split: Path,
    rounds: Sequence[int],
    models: Sequence[Path],
    ledgers: Sequence[Path],
    out: Path,
    *,
    key: tuple[int | str, ...],
    samples: int | Literal["all"],
    passes: int,
    threads: int,
    patch: tuple[int, int] | None = None,
) -> None:
    """Evaluate every round and write five tables into the folder `out`.

    They are `counts.parquet` per image (whole images where the stack holds tiles),
    `objects.parquet`, `calibration.parquet`, `confusion.parquet` and `predictions.parquet`.

    Args:
        models: the model file of each round. ledgers: the ledger that it was trained with.
        key: what dropout masks derive from, such as (seed, arm).
        samples: number of test images whose predictions are kept; `all`, or 0.
        passes: 1 for the deterministic pass; with more, models with dropout predict their mean.
        patch: also count on the center patch of this size, as thresholds `patch` and `patch_half`.
    """
    configure_process(threads)
    stack = open_stack(prepared)
    parts = read_split(split)
    is_test = stack.index["image_id"].isin(parts.loc[parts["part"] == "test", "image_id"])
    test = stack.index[is_test].reset_index(drop=True)
    size = len(test) if samples == "all" else samples
    chosen = choose_samples(test["image_id"].tolist(), test["foreground"].to_numpy(), size)
    sample_rows = set(stack.rows(pd.Series(chosen)))
    evaluated = {
        number: _evaluate(
            model, ledger, stack, test, sample_rows, Passes(passes, (*key, number)), patch
        )
        for number, model, ledger in zip(rounds, models, ledgers, strict=True)
    }
    tables = {
        name: pd.concat(
            [getattr(result, name).assign(round=number) for number, result in evaluated.items()],
            ignore_index=True,
        )
        for name in ("counts", "calibration", "objects", "confusion", "predictions")
    }
    write_predictions(paths.within(out, paths.PREDICTIONS), tables.pop("predictions"))
    for name, table in tables.items():
        with replacing(out / f"{name}.parquet") as partial_file:
            table.to_parquet(partial_file, index=False)


def _evaluate(
    model_file: Path,
    ledger_file: Path,
    stack: Stack,
    test: pd.DataFrame,
    sample_rows: set[int],
    passes: Passes,
    patch: tuple[int, int] | None,
) -> Evaluated:
    """Evaluate one round, whose random draws derive from the key of `passes`."""
    model, card = load_model(model_file)
    predict = _predictor(model, card, replace(passes, key=(*passes.key, "evaluate")))
    rows, names = test["row"].to_numpy(np.int64), test["image_id"].tolist()
    masks = open_masks(stack.masks_path)
    # models older than this setting were validated on the part of the split
    validation = TypeAdapter(Validation).validate_python(card.get("validation", "split"))
    ledger = assign_validation(read_ledger(ledger_file), stack.index, stack.duplicates, validation)
    rng = generator(*passes.key, "temperature")
    evaluated = evaluate(
        predict(stack.images, rows),
        Truth(masks, names, card["classes"]),
        threshold=card["threshold"],
        temperature=_fit_temperature(predict, stack, ledger, rng),
        samples=sample_rows,
    )
    counts = evaluated.counts
    if "source_id" in test:
        counts = whole_images(counts, dict(zip(names, test["source_id"], strict=True)))
    if patch is not None:
        patches = predict(PatchRows(stack.images, patch), rows)
        truth = Truth(PatchRows(masks, patch), names, card["classes"])
        of_patches = count_patches(patches, truth, card["threshold"])
        counts = pd.concat([counts, of_patches], ignore_index=True)
    return replace(evaluated, counts=counts)


def _predictor(model: nn.Module, card: dict[str, Any], passes: Passes) -> Predict:
    """Return a function that predicts images: by sliding window, if the model has one."""
    device = pick_device()
    model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
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

    def mean_probs(
        images: Rows, rows: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
        batches = predict_passes(model, images, rows, scaling=scaling, device=device, passes=passes)
        return ((chosen, probs) for chosen, probs, _ in batches)

    return mean_probs


def _fit_temperature(
    predict: Predict, stack: Stack, ledger: pd.DataFrame, rng: np.random.Generator
) -> float:
    """Fit the temperature on the validation masks that the ledger holds."""
    rows = labeled_rows(stack.index, ledger, "val")
    masks = RevealedMasks(stack.masks_path, stack.index, ledger)
    pixels = len(rows) * stack.images.shape[1] * stack.images.shape[2]
    return validation_temperature(predict(stack.images, rows), masks, pixels, rng)
