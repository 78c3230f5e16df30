"""Stage `ladder`: the scores from a weak model to the last one trained on pseudo-masks."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_csv
from frugalseg.metrics.scores import ALL, score_counts

COLUMNS = ["ladder", "step", "arm", "kind", "seed", "metric", "value"]


def run(
    scores_file: Path,
    ladders: list[list[str]],
    refined: Mapping[tuple[str, int], Path],
    out: Path,
) -> None:
    """Write a row for each ladder, step, seed and metric.

    The steps are the first model, then the maps and the model of every further arm.

    Args:
        ladders: arms from the weak one to the last, each trained on pseudo-masks of the one before.
        refined: by (arm, seed), the counts of the maps that its pseudo-masks were drawn from.
    """
    scores = pd.read_csv(scores_file, dtype={"arm": str, "class": str})
    scores = scores[scores["threshold"] == "validation"]
    last = scores["round"] == scores.groupby("arm")["round"].transform("max")
    tables = [scores[last].assign(kind="model")]
    for (arm, seed), path in refined.items():
        of_maps = score_counts(pd.read_parquet(path).assign(round=0))
        tables.append(of_maps.assign(arm=arm, seed=seed, kind="maps"))
    table = pd.concat(tables, ignore_index=True)
    table = table[table["class"] == ALL]
    rows = []
    for arms in ladders:
        steps = [(arm, kind) for arm in arms for kind in ("maps", "model")][1:]
        for step, (arm, kind) in enumerate(steps):
            chosen = table[(table["arm"] == arm) & (table["kind"] == kind)]
            rows.append(chosen.assign(step=step, ladder=arms[-1]))
    write_csv(out, pd.concat(rows, ignore_index=True)[COLUMNS])
