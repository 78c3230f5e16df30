"""Ledgers that the stage `label` writes for a small stack."""

from pathlib import Path

import pandas as pd

from frugalseg.data.ledger import read_ledger
from frugalseg.stages import label, split

INDEX = pd.DataFrame(
    {
        "row": [0, 1, 2],
        "image_id": ["a", "b", "c"],
        "pixels": [16, 12, 16],
        "stack_height": 4,
        "stack_width": 4,
    }
)
"""Of a stack of three images of 4 x 4 pixels, the second with padding."""


def buy(prepared: Path, out: str, parent: Path | None = None, **settings: object) -> Path:
    """Write a ledger beside the stack, after a split of seed 0; return its path."""
    folder = prepared.parent
    split.run(prepared, folder / "split.csv", seed=0, test=0.2, validation=0.2)
    given = {"labels": None, "acquire": None, "query": None, "arm": "a", "seed": 0, "round_": 0}
    label.run(prepared, folder / "split.csv", parent, folder / out, **(given | settings))  # type: ignore[arg-type]
    return folder / out


def trained_on(ledger: Path) -> list[str]:
    """Return the images with labels to train on, in the order of the ledger."""
    table = pd.read_csv(ledger)
    return table.loc[table["part"] == "train", "image_id"].tolist()


def bought(ledger: Path, round_: int = 1) -> pd.DataFrame:
    """Return what a round bought."""
    table = read_ledger(ledger)
    return table[table["round"] == round_].reset_index(drop=True)
