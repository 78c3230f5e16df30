"""How many runs found nothing at all: `python -m benchmarks.collapsed results/*/scores.csv`.

Of every arm and round with three seeds and more, whose best run found something: the runs
with a Dice below .02, and those below a quarter of their median.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

SEEDS, NOTHING, FOUND, POOR = 3, 0.02, 0.1, 0.25


def count(table: pd.DataFrame) -> tuple[int, int, int]:
    """Return how many runs there are, and how many found nothing or little, of a `scores.csv`."""
    wanted = {"class": "all", "metric": "dice", "threshold": "validation"}
    chosen = table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    runs = nothing = little = 0
    for _, cell in chosen.groupby(["arm", "round"]):
        dice = cell["value"]
        if len(dice) >= SEEDS and dice.max() > FOUND:
            runs += len(dice)
            nothing += int((dice < NOTHING).sum())
            little += int((dice < POOR * dice.median()).sum())
    return runs, nothing, little


def main(arguments: Sequence[str]) -> None:
    """Print the counts of each file, and of all."""
    found = {path: count(pd.read_csv(path)) for path in map(Path, arguments)}
    for path, (runs, nothing, little) in found.items():
        print(f"{path}: {runs} runs, {nothing} found nothing, {little} little")
    runs, nothing, little = (sum(column) for column in zip(*found.values(), strict=True))
    print(f"in all: {runs} runs, {nothing} found nothing, {little} little")


if __name__ == "__main__":
    main(sys.argv[1:])
