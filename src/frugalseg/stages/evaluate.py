"""Stage `evaluate`: all rounds of one run on the test split, in one process."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from frugalseg.data.stack import Stack, open_masks, open_stack
from frugalseg.files import read_json, replacing
from frugalseg.inference.evaluation import Evaluated, choose_samples, evaluate
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling
from frugalseg.models.sliding import windowed


def run(
    prepared: Path,
    split: Path,
    models: dict[int, Path],
    counts_file: Path,
    samples_file: Path,
    *,
    samples: int,
    threads: int,
    patch: tuple[int, int] | None = None,
) -> None:
    """Write per-image counts of every round, and the predictions of a few test images.

    Args:
        patch: also count on the center patch of this size, as thresholds `patch` and `patch_half`.
    """
    torch.set_num_threads(threads)
    stack = open_stack(prepared)
    classes = read_json(prepared / "card.json")["classes"]
    test = _test_images(stack, split)
    chosen = choose_samples(test["image_id"].tolist(), test["foreground"].to_numpy(), samples)
    found = {
        round_: _evaluate(model, stack, test, classes, set(stack.rows(pd.Series(chosen))), patch)
        for round_, model in sorted(models.items())
    }
    counts = pd.concat([e.counts.assign(round=r) for r, e in found.items()], ignore_index=True)
    with replacing(counts_file) as partial:
        counts.to_parquet(partial, index=False)
    # predictions come in the order of the stack
    kept = test.loc[test["image_id"].isin(set(chosen)), "image_id"]
    with replacing(samples_file) as partial, partial.open("wb") as file:
        np.savez_compressed(
            file,
            image_ids=kept.to_numpy(str),
            rounds=np.array(list(found), np.int64),
            preds=np.stack([e.preds for e in found.values()]),
            probs=np.stack([e.probs for e in found.values()]),
        )


def _test_images(stack: Stack, split: Path) -> pd.DataFrame:
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
    names = set(parts.loc[parts["part"] == "test", "image_id"])
    return stack.index[stack.index["image_id"].isin(names)].reset_index(drop=True)


def _evaluate(
    model_file: Path,
    stack: Stack,
    test: pd.DataFrame,
    classes: list[str],
    samples: set[int],
    patch: tuple[int, int] | None,
) -> Evaluated:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model, card = load_model(model_file)
    model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return evaluate(
        windowed(model, card.get("window")),
        stack.images,
        open_masks(stack.masks_path),
        test["row"].to_numpy(np.int64),
        image_ids=test["image_id"].tolist(),
        classes=classes,
        threshold=card["threshold"],
        samples=samples,
        patch=patch,
        scaling=Scaling(card["normalize"]),
        device=device,
    )
