"""What the rule says of trainings of different lengths: `python -m benchmarks.length`.

Reads the results of benchmarks/length.yaml: a row a length, with the mean test score over seeds and
the numbers of `frugalseg.statistics.convergence`, once with and once without the validation scores.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.files import read_json
from frugalseg.statistics.convergence import judge_lengths

METRICS = {"length": "dice", "length_multiclass": "miou_foreground"}


def read_histories(results: Path) -> pd.DataFrame:
    """Return the histories of all runs of a data set, with arm, seed and round."""
    frames = []
    for file in results.glob("train/*/seed-*/round-*/history.csv"):
        record = read_json(paths.within(file.parent, paths.TRAIN_RECORD))
        keys = {name: record[name] for name in ("arm", "seed", "round")}
        frames.append(pd.read_csv(file).assign(**keys))
    return pd.concat(frames, ignore_index=True)


def rows(dataset: str, metric: str) -> Iterator[dict[str, object]]:
    """Yield a row for each length of one data set, from the shortest on."""
    results = Path(paths.RESULTS.format(dataset=dataset))
    histories = read_histories(results)
    scores = pd.read_csv(paths.within(results, paths.SCORES))
    key = {"class": "all", "metric": metric, "threshold": "validation"}
    chosen = scores[(scores[list(key)] == pd.Series(key)).all(axis=1)]
    test = chosen.groupby("arm")["value"].mean()
    by_loss = judge_lengths(histories.drop(columns="val_dice")).set_index("arm")["improving"]
    for row in judge_lengths(histories).sort_values("steps").to_dict("records"):
        yield {
            "data set": dataset,
            "steps": row["steps"],
            f"test {metric}": f"{test[row['arm']]:.3f}",
            "late": f"{row['late']:.2f}",
            "gain": f"{row['gain']:+.3f} ± {row['gain_se']:.3f}",
            "warns": "yes" if row["improving"] else "no",
            "by loss alone": "yes" if by_loss[row["arm"]] else "no",
        }


def main() -> None:
    """Print a table for each data set that has results."""
    for dataset, metric in METRICS.items():
        print(pd.DataFrame(rows(dataset, metric)).to_string(index=False))


if __name__ == "__main__":
    main()
