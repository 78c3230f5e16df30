"""Stage `shortcut`: how well an image's source alone predicts its tag, compared with the models."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_csv
from frugalseg.data.ledger import read_ledger
from frugalseg.data.stack import sources
from frugalseg.metrics.shortcut import Shortcut, shortcut

COLUMNS = ["arm", "seed", *Shortcut.__dataclass_fields__]


def run(
    runs: Sequence[tuple[str, int]],
    counts: Sequence[Path],
    ledgers: Sequence[Path],
    origin: str,
    out: Path,
) -> None:
    """Write a row for each run; a model tags an image if it predicts any pixel in it.

    Args:
        runs: arm and seed of every run that bought tags.
        counts: the counts of each run's evaluation. ledgers: its last ledger.
    """
    rows = [
        {"arm": arm, "seed": seed, **asdict(_check(counted, ledger, origin))}
        for (arm, seed), counted, ledger in zip(runs, counts, ledgers, strict=True)
    ]
    write_csv(out, pd.DataFrame(rows, columns=COLUMNS))


def _check(counts_file: Path, ledger_file: Path, origin: str) -> Shortcut:
    ledger = read_ledger(ledger_file)
    tags = ledger[(ledger["unit"] == "tag") & (ledger["part"] == "train")]
    trained = (tags["tag"].astype(str) != "0").groupby(tags["image_id"]).any()
    counts = pd.read_parquet(counts_file)
    counts = counts[counts["threshold"] == "validation"]
    counts = counts[counts["round"] == counts["round"].max()]
    sums = counts.groupby("image_id")[["tp", "fp", "fn"]].sum()
    return shortcut(
        sources(trained.index.to_series(), origin),
        trained.to_numpy(bool),
        sources(sums.index.to_series(), origin),
        (sums["tp"] + sums["fn"] > 0).to_numpy(bool),
        (sums["tp"] + sums["fp"] > 0).to_numpy(bool),
    )
