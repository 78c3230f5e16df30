"""Stage `ladder`: from a weak model to one trained on its pseudo-masks, every step's score."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_csv
from frugalseg.metrics.scores import ALL, score_counts

COLUMNS = ["ladder", "step", "arm", "kind", "seed", "metric", "value"]


@dataclass(frozen=True)
class Refined:
    """The counts of the maps that an arm's pseudo-masks were drawn from, for one seed."""

    arm: str
    seed: int
    counts: Path

    @classmethod
    def of(cls, runs: Sequence[tuple[str, int]], counts: Sequence[str]) -> "list[Refined]":
        """Put the files of several runs together, as a rule hands them over."""
        pairs = zip(runs, counts, strict=True)
        return [cls(arm, seed, Path(path)) for (arm, seed), path in pairs]


def run(scores_file: Path, ladders: list[list[str]], refined: list[Refined], out: Path) -> None:
    """Write one row a ladder, step, seed and metric.

    Args:
        ladders: arms from the weak one to the last, each trained on pseudo-masks of the one before.
    """
    scores = pd.read_csv(scores_file, dtype={"arm": str, "class": str})
    scores = scores[(scores["threshold"] == "validation") & (scores["class"] == ALL)]
    last = scores["round"] == scores.groupby("arm")["round"].transform("max")
    models = scores[last].assign(kind="model")
    maps = pd.concat([_maps(item) for item in refined], ignore_index=True)
    found = pd.concat([models, maps.assign(kind="maps")], ignore_index=True)
    write_csv(out, pd.concat([climb(found, arms) for arms in ladders], ignore_index=True))


def climb(found: pd.DataFrame, arms: list[str]) -> pd.DataFrame:
    """Put the steps of one ladder in order: the first model, then maps and model of every arm."""
    order = [(arms[0], "model")]
    order += [(arm, kind) for arm in arms[1:] for kind in ("maps", "model")]
    steps = [
        found[(found["arm"] == arm) & (found["kind"] == kind)].assign(step=step)
        for step, (arm, kind) in enumerate(order)
    ]
    return pd.concat(steps, ignore_index=True).assign(ladder=arms[-1])[COLUMNS]


def _maps(item: Refined) -> pd.DataFrame:
    counts = pd.read_parquet(item.counts).assign(round=0)
    scores = score_counts(counts)
    return scores[scores["class"] == ALL].assign(arm=item.arm, seed=item.seed)
