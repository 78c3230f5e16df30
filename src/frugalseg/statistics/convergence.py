"""Whether a training was still improving when it ended, by its history.

The last quarter alone does not tell: a one-cycle or cosine schedule ends at a tenth of its rate and
less, where loss and score stand still in trainings of any length. So the second half is judged,
which a training of half the steps would not have had. A training was still improving if

- its loss fell late: of the fall from the first quarter to the last, a share above `LATE` came
  after the second quarter; or it hardly fell at all, by less than `LEAST`;
- and, where it was validated, its score rose from half of the steps to the end by more than `GAIN`,
  and by more than the standard error of that over seeds.

The loss alone also falls while few labels are learned by heart, and the score alone rises a little
whenever the rate falls. The loss is the Dice term where there is one: cross-entropy begins with a
fall to the frequencies of the classes, beside which all later learning is small.
docs/development/length.md has the trainings that the numbers come from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

LATE = 0.3
LEAST = 0.25
GAIN = 0.02

COLUMNS = ["arm", "round", "steps", "late", "fall", "gain", "gain_se", "improving"]


def falls_late(run: pd.DataFrame) -> bool:
    """Return whether the loss of one run fell, and was still falling when the run ended.

    Args:
        run: `step`, `loss` and, if that is one of its terms, `loss_dice`.
    """
    late, fall = _shares(_quarters(run))
    return bool(late > LATE and fall >= LEAST)


def judge_lengths(histories: pd.DataFrame) -> pd.DataFrame:
    """Return which trainings were still improving, a row an arm and round.

    Args:
        histories: `arm`, `round`, `seed`, `step`, `loss`, `loss_dice` if that is one of its terms
            and, at validations, `val_dice`; of all runs that did not begin with trained weights,
            whose loss has no fall to compare with.

    Returns:
        The columns `COLUMNS`. `steps` is the longest over seeds. `late` and `fall` are the shares
        above, of losses averaged over seeds; `gain` is a mean over seeds, NaN without validations.
    """
    rows = []
    for (arm, number), runs in histories.groupby(["arm", "round"], sort=False):
        of_seeds = [run for _, run in runs.groupby("seed")]
        late, fall = _shares(np.mean([_quarters(run) for run in of_seeds], axis=0).tolist())
        gains = np.array([_gain(run) for run in of_seeds])
        gains = gains[~np.isnan(gains)]
        error = float(gains.std(ddof=1) / np.sqrt(len(gains))) if len(gains) > 1 else 0.0
        row: dict[str, Any] = {
            "arm": arm,
            "round": number,
            "steps": int(runs["step"].max()),
            "late": late,
            "fall": fall,
            "gain": float(gains.mean()) if len(gains) else np.nan,
            "gain_se": error,
        }
        rows.append(row | {"improving": _improving(row)})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"improving": bool})


def _shares(quarters: Sequence[float]) -> tuple[float, float]:
    """Return `late` and `fall` of the mean losses of the quarters; NaN where they have none."""
    first, second, _, last = quarters
    fall = first - last
    # the Dice term of crops without foreground is 0
    return (second - last) / fall if fall > 0 else np.nan, fall / first if first else np.nan


def _improving(row: dict[str, float]) -> bool:
    falls = row["late"] > LATE or row["fall"] < LEAST
    return falls and (np.isnan(row["gain"]) or row["gain"] > max(GAIN, row["gain_se"]))


def _quarters(run: pd.DataFrame) -> list[float]:
    """Return the mean loss of each quarter of a run."""
    has_dice = "loss_dice" in run and run["loss_dice"].notna().all()
    losses = run.sort_values("step")["loss_dice" if has_dice else "loss"].to_numpy(float)
    return [float(part.mean()) if len(part) else np.nan for part in np.array_split(losses, 4)]


def _gain(run: pd.DataFrame) -> float:
    """Return how much the validation score rose in the second half; NaN if that is unknown."""
    if "val_dice" not in run:
        return np.nan
    validated = run.dropna(subset=["val_dice"]).sort_values("step")
    if len(validated) < 2:
        return np.nan
    scores = validated["val_dice"].to_numpy(float)
    half = np.interp(run["step"].max() / 2, validated["step"], scores)
    return float(scores[-1] - half)
