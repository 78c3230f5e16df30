"""Stage `shortcut`: tags told by an image's source alone, beside those that models tell."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_csv
from frugalseg.data.ledger import read_ledger
from frugalseg.data.stack import sources
from frugalseg.metrics.shortcut import Shortcut, shortcut

COLUMNS = ["arm", "seed", *Shortcut.__dataclass_fields__]


@dataclass(frozen=True)
class Tagged:
    """What one run of an arm with tags leaves behind."""

    arm: str
    seed: int
    counts: Path
    ledger: Path

    @classmethod
    def of(
        cls, runs: Sequence[tuple[str, int]], counts: Sequence[str], ledgers: Sequence[str]
    ) -> "list[Tagged]":
        """Put the files of several runs together, as a rule hands them over."""
        return [
            cls(arm, seed, Path(counted), Path(ledger))
            for (arm, seed), counted, ledger in zip(runs, counts, ledgers, strict=True)
        ]


def run(runs: list[Tagged], origin: str, out: Path) -> None:
    """Write one row a run. An image counts as tagged by a model that finds any pixel in it."""
    rows = [{"arm": run.arm, "seed": run.seed, **asdict(_check(run, origin))} for run in runs]
    write_csv(out, pd.DataFrame(rows, columns=COLUMNS))


def _check(run: Tagged, origin: str) -> Shortcut:
    ledger = read_ledger(run.ledger)
    tags = ledger[(ledger["unit"] == "tag") & (ledger["part"] == "train")]
    trained = (tags["tag"].astype(str) != "0").groupby(tags["image_id"]).any()
    counts = pd.read_parquet(run.counts)
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
