"""How many runs collapsed: `python -m benchmarks.collapsed results/*/scores.csv`.

Counts, for every arm and round with at least three seeds whose best run found something, the runs
with a Dice below .02, and those below a quarter of the median.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

SEEDS, NOTHING, FOUND, POOR = 3, 0.02, 0.1, 0.25


def count(table: pd.DataFrame) -> tuple[int, int, int]:
    """Return the number of runs in a `scores.csv`, and of those that found nothing or little."""
    key = {"class": "all", "metric": "dice", "threshold": "validation"}
    chosen = table[(table[list(key)] == pd.Series(key)).all(axis=1)]
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
    counts = {path: count(pd.read_csv(path)) for path in map(Path, arguments)}
    for path, (runs, nothing, little) in counts.items():
        print(f"{path}: {runs} runs, {nothing} found nothing, {little} little")
    runs, nothing, little = (sum(column) for column in zip(*counts.values(), strict=True))
    print(f"in all: {runs} runs, {nothing} found nothing, {little} little")


if __name__ == "__main__":
    main(sys.argv[1:])
