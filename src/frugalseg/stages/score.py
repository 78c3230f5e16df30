"""Stage `score`: the tidy table that everything after it is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.costs import price
from frugalseg.core.files import write_csv, write_json
from frugalseg.data.ledger import read_ledger
from frugalseg.data.stack import read_index
from frugalseg.metrics.scores import (
    ALL,
    score_calibration,
    score_confusion,
    score_counts,
    score_objects,
)
from frugalseg.params.registration import keep_registration
from frugalseg.settings.study import ContrastParams

COLUMNS = [
    "arm", "seed", "round", "images", "pixels", "seconds", "fraction",
    "threshold", "class", "metric", "value", "all_background",
]  # fmt: skip


@dataclass(frozen=True)
class RunFiles:
    """What one run (arm x seed) leaves behind: the folder of its evaluation, ledger, split."""

    arm: str
    seed: int
    evaluated: Path
    ledger: Path
    split: Path

    @classmethod
    def of(
        cls,
        runs: Sequence[tuple[str, int]],
        counts: Sequence[str],
        ledgers: Sequence[str],
        splits: Sequence[str],
    ) -> "list[RunFiles]":
        """Put the files of several runs together, as a rule hands them over."""
        return [
            cls(arm, seed, Path(counted).parent, Path(ledger), Path(split))
            for (arm, seed), counted, ledger, split in zip(
                runs, counts, ledgers, splits, strict=True
            )
        ]


def run(
    prepared: Path,
    runs: list[RunFiles],
    scores_file: Path,
    metrics_file: Path,
    costs: dict[str, float],
    registration: Path,
    *,
    contrasts: list[dict[str, Any]],
    seeds: list[int],
) -> None:
    """Write `scores.csv`, and `metrics.json` with the means that `dvc metrics show` prints.

    Beside the scores comes `confusion.csv`, the confusion of every arm, seed and round.

    The contrasts that are planned when the first scores exist are registered with them.
    """
    pixels = read_index(prepared).set_index("image_id")["pixels"]
    scores = pd.concat([_score(files, pixels, costs) for files in runs], ignore_index=True)
    write_csv(scores_file, scores[COLUMNS])
    write_csv(paths.within(scores_file.parent, paths.CONFUSION), confusion_of(runs))
    write_json(metrics_file, summary(scores))
    keep_registration(registration, [ContrastParams(**contrast) for contrast in contrasts], seeds)


def _score(files: RunFiles, pixels: pd.Series, costs: dict[str, float]) -> pd.DataFrame:
    ledger = read_ledger(files.ledger)
    parts = pd.read_csv(files.split, dtype=str, keep_default_na=False)
    pool = pixels.loc[parts.loc[parts["part"] == "train", "image_id"].tolist()].sum()
    spent = price(
        ledger,
        mask_seconds=costs["mask_seconds"],
        region_seconds_per_kilopixel=costs["region_seconds_per_kilopixel"],
        tag_seconds=costs["tag_seconds"],
    )
    spent["fraction"] = spent.pop("train_pixels") / pool
    scores = pd.concat(
        [
            score_counts(pd.read_parquet(paths.within(files.evaluated, paths.COUNTS))),
            score_calibration(pd.read_parquet(paths.within(files.evaluated, paths.CALIBRATION))),
            score_objects(pd.read_parquet(paths.within(files.evaluated, paths.OBJECTS))),
            score_confusion(pd.read_parquet(paths.within(files.evaluated, paths.PIXEL_CONFUSION))),
        ],
        ignore_index=True,
    )
    return scores.merge(spent, on="round", validate="many_to_one").assign(
        arm=files.arm, seed=files.seed
    )


def confusion_of(runs: list[RunFiles]) -> pd.DataFrame:
    """Return arm, seed, round, threshold, true and predicted class, and their pixels."""
    tables = [
        pd.read_parquet(paths.within(files.evaluated, paths.PIXEL_CONFUSION)).assign(
            arm=files.arm, seed=files.seed
        )
        for files in runs
    ]
    names = ["arm", "seed", "round", "threshold", "true", "pred", "pixels"]
    return pd.concat(tables, ignore_index=True)[names]


def summary(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Return arm -> metric -> mean and standard deviation over seeds, of each arm's last round.

    A metric that no seed defines is left out, and so is the standard deviation of a single value.
    """
    chosen = scores[(scores["threshold"] == "validation") & (scores["class"] == ALL)]
    last = chosen[chosen["round"] == chosen.groupby("arm")["round"].transform("max")]
    table = last.groupby(["arm", "metric"], as_index=False)["value"].agg(["mean", "std", "count"])
    means: dict[str, dict[str, dict[str, float]]] = {}
    for arm, metric, mean, std, count in table.itertuples(index=False):
        if count:
            spread = {"std": round(std, 6)} if count > 1 else {}
            means.setdefault(arm, {})[metric] = {"mean": round(mean, 6)} | spread
    return means
