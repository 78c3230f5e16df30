"""Stage `score`: the tidy table from which every later stage computes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.costs import price
from frugalseg.core.files import write_csv, write_json
from frugalseg.data.ledger import read_ledger
from frugalseg.data.split import read_split
from frugalseg.data.stack import read_index
from frugalseg.metrics.scores import (
    ALL,
    score_calibration,
    score_confusion,
    score_counts,
    score_objects,
)
from frugalseg.params.registration import keep_registration, read_design
from frugalseg.settings.study import ContrastParams, Order

COLUMNS = [
    "arm", "seed", "round", "images", "pixels", "seconds", "fraction",
    "threshold", "class", "metric", "value", "all_background",
]  # fmt: skip
CONFUSION = ["arm", "seed", "round", "threshold", "true", "pred", "pixels"]

SCORERS = {
    paths.COUNTS: score_counts,
    paths.CALIBRATION: score_calibration,
    paths.OBJECTS: score_objects,
    paths.PIXEL_CONFUSION: score_confusion,
}
"""The tables that an evaluation leaves, and the functions that compute metrics from them."""


def run(
    prepared: Path,
    runs: Sequence[tuple[str, int]],
    evaluations: Sequence[Path],
    ledgers: Sequence[Path],
    splits: Sequence[Path],
    out: Path,
    costs: Mapping[str, Any],
    registration: Path,
    *,
    contrasts: list[dict[str, Any]],
    seeds: list[int],
    order: Order,
    design: dict[str, Any],
) -> None:
    """Write three files into the folder `out`.

    `scores.csv` has every metric of every run with the cost of its labels, `confusion.csv` the
    pixels of every true and predicted class, and `metrics.json` the means that
    `dvc metrics show` prints. The contrasts that are planned when the first scores exist are
    registered with them.

    Args:
        runs: arm and seed of every run.
        evaluations: the folder of each run's evaluation. ledgers: its last ledger.
        splits: its split.
        registration, design: see `frugalseg.params.registration`.
    """
    pixels = read_index(prepared).set_index("image_id")["pixels"]
    scores, confusions = [], []
    for (arm, seed), folder, ledger, split in zip(runs, evaluations, ledgers, splits, strict=True):
        tables = {name: pd.read_parquet(paths.within(folder, name)) for name in SCORERS}
        values = pd.concat([SCORERS[name](table) for name, table in tables.items()])
        spent = _spent(read_ledger(ledger), split, pixels, costs)
        priced = values.merge(spent, on="round", validate="many_to_one")
        scores.append(priced.assign(arm=arm, seed=seed))
        confusions.append(tables[paths.PIXEL_CONFUSION].assign(arm=arm, seed=seed))
    table = pd.concat(scores, ignore_index=True)
    write_csv(paths.within(out, paths.SCORES), table[COLUMNS])
    write_csv(paths.within(out, paths.CONFUSION), pd.concat(confusions)[CONFUSION])
    write_json(paths.within(out, paths.METRICS), summary(table))
    planned = [ContrastParams(**contrast) for contrast in contrasts]
    keep_registration(registration, planned, seeds, order, read_design(design, prepared))


def _spent(
    ledger: pd.DataFrame, split: Path, pixels: pd.Series, costs: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the cost of the labels by round, and the fraction of the pool's pixels bought."""
    parts = read_split(split)
    pool = pixels.loc[parts.loc[parts["part"] == "train", "image_id"].tolist()].sum()
    of_labels = {name: cost for name, cost in costs.items() if name != "price_per_hour"}
    spent = price(ledger, **of_labels)
    spent["fraction"] = spent.pop("train_pixels") / pool
    return spent


def summary(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Return arm -> metric -> mean and standard deviation over seeds, of each arm's last round.

    A metric that no seed defines is left out, and so is the standard deviation of a single value.
    """
    chosen = scores[(scores["threshold"] == "validation") & (scores["class"] == ALL)]
    last = chosen[chosen["round"] == chosen.groupby("arm")["round"].transform("max")]
    table = last.groupby(["arm", "metric"], as_index=False)["value"].agg(["mean", "std"])
    means: dict[str, dict[str, dict[str, float]]] = {}
    for arm, metric, mean, std in table.dropna(subset="mean").itertuples(index=False):
        spread = {} if pd.isna(std) else {"std": round(std, 6)}
        means.setdefault(arm, {})[metric] = {"mean": round(mean, 6), **spread}
    return means
