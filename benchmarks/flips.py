"""What averaging over flips brings: `python -m benchmarks.flips DATASET PREFIX`.

Predicts the test images of a finished study once more with the models of the arms whose names begin
with PREFIX, with and without flips, and prints the paired differences over seeds at threshold .5.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core import paths
from frugalseg.core.device import pick_device
from frugalseg.data.split import read_split
from frugalseg.data.stack import open_masks, open_stack
from frugalseg.inference.evaluation import Truth, evaluate
from frugalseg.metrics.scores import score_counts
from frugalseg.models.file import load_model
from frugalseg.models.flips import average_flips
from frugalseg.models.predict import predict
from frugalseg.models.scaling import Scaling
from frugalseg.settings.training import Flip

METRICS = ["dice", "dice_pooled", "image_fpr"]


def score(model_file: Path, prepared: Path, split: Path, flips: list[Flip]) -> pd.Series:
    """Return the scores of a model on the test images, by metric."""
    model, card = load_model(model_file)
    stack, parts = open_stack(prepared), read_split(split)
    is_test = stack.index["image_id"].isin(parts.loc[parts["part"] == "test", "image_id"])
    test = stack.index[is_test]
    result = evaluate(
        predict(
            average_flips(model, flips),
            stack.images,
            test["row"].to_numpy(np.int64),
            scaling=Scaling(card["normalize"]),
            device=pick_device(),
        ),
        Truth(open_masks(stack.masks_path), test["image_id"].tolist(), card["classes"]),
        threshold=card["threshold"],
        temperature=1.0,
        samples=set(),
    )
    scores = score_counts(result.counts.assign(round=0))
    return scores[scores["threshold"] == "half"].set_index("metric")["value"][METRICS]


def main(dataset: str, prefix: str) -> None:
    """Print mean and standard error of the differences of each arm, and of all."""
    prepared, results = Path("data/prepared", dataset), Path("results", dataset)
    rows = []
    for file in sorted(results.glob(f"train/{prefix}*/seed-*/round-0/{Path(paths.MODEL).name}")):
        arm, seed = file.parts[-4], file.parts[-3]
        split = results / f"split/{seed}.csv"
        both = score(file, prepared, split, list(Flip)) - score(file, prepared, split, [])
        rows.append({"arm": arm, "seed": seed, **both})
    table = pd.DataFrame(rows)
    print(table.groupby("arm", sort=False)[METRICS].agg(["mean", "sem"]).round(3).to_string())
    print(table.groupby("seed")[METRICS].mean().agg(["mean", "sem"]).round(3).to_string())


if __name__ == "__main__":
    main(*sys.argv[1:])
