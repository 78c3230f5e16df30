"""Keep the numbers of a finished study in docs/studies/records, and print its tables.

    python scripts/study_tables.py STUDY_FOLDER DATASET [METRIC ...]

STUDY_FOLDER is a checkout in which the study has been run. The page of the study holds the tables
as they are printed; a test compares them.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core import paths
from frugalseg.core.files import read_json, write_json

ROOT = Path(__file__).resolve().parents[1]
RECORDS = "docs/studies/records"
NAMES = {
    "dice": "Dice",
    "dice_empty_one": "Dice, empty = 1",
    "image_fpr": "false alarms",
    "dice_coef_multiclass": "`dice_coef_multiclass`",
    "miou_foreground": "mIoU without background",
    "object_f1": "object F1",
    "ece_15": "ECE",
}
CONTRAST = ["a", "b", "metric", "claim", "margin", "n", "difference", "ci_low", "ci_high"]
DECISION = ["verdict", "standing", "seeds_for_80"]
BUDGET = ["images", "seconds", "fraction", "n"]


def read_study(folder: Path, dataset: str, metrics: list[str]) -> dict[str, Any]:
    """Return the numbers of a finished study, those of the arms in the order of the plan."""
    scores = read_json(folder / paths.METRICS.format(dataset=dataset))
    curve = _table(folder, dataset, "curve")
    ends = curve[curve["metric"] == curve["metric"].iloc[0]].groupby("arm", sort=False).last()
    contrasts = _table(folder, dataset, "contrasts")[CONTRAST + DECISION]
    beside = _table(folder, dataset, "new_images")[["new_low", "new_high"]]
    # infinite where the observed difference does not support the claim
    rows = contrasts.join(beside).replace(np.inf, np.nan).astype(object)
    hours = _table(folder, dataset, "costs").set_index("arm")["core_hours"]
    return {
        "dataset": dataset,
        "revision": _revision(folder),
        "metrics": metrics,
        "core_hours": round(float((hours * ends["n"]).sum()), 2),
        "arms": [
            {"arm": arm}
            | {name: float(row[name]) for name in BUDGET}
            | {name: scores[arm][name] for name in metrics}
            for arm, row in ends.iterrows()
        ],
        "contrasts": rows.where(rows.notna(), None).to_dict("records"),
    }


def arm_table(record: dict[str, Any]) -> str:
    """Return the arms with what they were given and what they reached, in Markdown."""
    names = [NAMES[name] for name in record["metrics"]]
    lines = [["arm", "share labeled", "minutes", "seeds", *names]]
    for row in record["arms"]:
        values = [f"{_plain(row[n]['mean'])} ({_plain(row[n]['std'])})" for n in record["metrics"]]
        share, minutes = f"{row['fraction']:.0%}", f"{row['seconds'] / 60:.0f}"
        lines.append([f"`{row['arm']}`", share, minutes, f"{row['n']:.0f}", *values])
    return _markdown(lines)


def contrast_table(record: dict[str, Any]) -> str:
    """Return the contrasts with their verdicts, in Markdown."""
    scope = ["95 %, these images", "95 %, new images"]
    lines = [["contrast", "metric", "seeds", "difference", *scope, "verdict", "seeds to decide"]]
    for row in record["contrasts"]:
        seeds = row["seeds_for_80"]
        needed = "no number" if seeds is None else f"{seeds:.0f}"
        lines.append(
            [
                contrast_name(row),
                NAMES[row["metric"]],
                str(row["n"]),
                _signed(row["difference"]),
                _interval(row["ci_low"], row["ci_high"]),
                _interval(row["new_low"], row["new_high"]),
                row["verdict"],
                needed if row["verdict"] == "undecided" else "-",
            ]
        )
    return _markdown(lines)


def contrast_name(row: dict[str, Any]) -> str:
    """Return a contrast in words, as in `a` - `b`."""
    if row["claim"] == "not_worse":
        return f"`{row['a']}` not worse than `{row['b']}` by {row['margin']:g}"
    return f"`{row['a']}` - `{row['b']}`"


def _table(folder: Path, dataset: str, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / paths.TABLE.format(dataset=dataset, table=name))


def _revision(folder: Path) -> str:
    command = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _plain(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.3f}"


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + _plain(abs(value))


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "-"
    return f"[{_signed(low)}, {_signed(high)}]"


def _markdown(lines: list[list[str]]) -> str:
    head, *rows = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *rows])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("study", type=Path, metavar="STUDY_FOLDER")
    parser.add_argument("dataset")
    parser.add_argument("metrics", nargs="*", default=["dice", "image_fpr"])
    given = parser.parse_args()
    kept = read_study(given.study, given.dataset, given.metrics)
    write_json(ROOT / RECORDS / f"{given.dataset}.json", kept)
    sys.stdout.write(f"{arm_table(kept)}\n\n{contrast_table(kept)}\n")
