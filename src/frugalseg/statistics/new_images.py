"""What each contrast says about new images: all seeds share their test images, so both vary."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.crossed import crossed_interval
from frugalseg.statistics.interval import mean_or_nan

LEFT_OUT = ("arm", "metric", "seed", "group", "images", "score", "without")
COLUMNS = (
    *("a", "b", "metric", "at", "n", "missing", "images", "groups", "difference"),
    *("new_low", "new_high", "seed_sd", "image_sd", "rest_sd", "note"),
)


def new_image_table(
    left_out: pd.DataFrame, contrasts: Sequence[ContrastParams], *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return one row per contrast, in their order, with `COLUMNS`.

    The value of a group of images in a difference is its influence on it: the score moves by that
    much over the number of groups if the group is left out (the jackknife, so ratios over all
    pixels have an interval too). Groups that move neither score do not count.

    Args:
        left_out: columns `LEFT_OUT`, one row for each run, metric and group of test images (see
            `frugalseg.metrics.jackknife`), of the last rounds.
        contrasts: the planned ones.
        confidence: of the intervals.

    Returns:
        `difference` = a minus b, mean over the `n` seeds in which both have a score (`missing`
        names the others), with its interval `new_*` for further seeds and new images, from
        `groups` groups of the `images` test images; `*_sd` = standard deviations of its parts;
        `note` = why there is none.
    """
    runs = dict(iter(left_out.groupby(["arm", "metric"])))
    rows: list[dict[str, Any]] = []
    for contrast in contrasts:
        a, b = (runs.get((arm, contrast.metric)) for arm in (contrast.a, contrast.b))
        row: dict[str, Any] = {"n": 0, "missing": ""}
        if contrast.at != "final":
            row["note"] = "only for the last round"
        elif a is None or b is None:
            row["note"] = "only for metrics that are counted image by image"
        else:
            row = _row(a, b, confidence)
        rows.append(contrast.model_dump() | row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(a: pd.DataFrame, b: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """Return the numbers of one contrast from the rows of both arms."""
    scores = pd.DataFrame({"a": _scores(a), "b": _scores(b)})
    paired = scores.dropna()
    differences = (paired["a"] - paired["b"]).to_numpy()
    row: dict[str, Any] = {
        "n": len(paired),
        "missing": "; ".join(f"seed {s}: no score" for s in scores.index.difference(paired.index)),
        "difference": mean_or_nan(differences),
    }
    if paired.empty:
        return row | {"note": "no seed has a score of both arms"}
    a, b = (part[part["seed"].isin(paired.index)] for part in (a, b))
    images = pd.concat([_by_seed(part, "images") for part in (a, b)])
    if not images.eq(images.iloc[0]).all(axis=None):
        return row | {"note": "the seeds have different test images; run the study again"}
    moved_a, moved_b = (
        _scores(part).to_numpy()[:, None] - _by_seed(part, "without").to_numpy() for part in (a, b)
    )
    counting = ((moved_a != 0) | (moved_b != 0)).any(axis=0)
    groups = int(counting.sum())
    row |= {"images": int(images.iloc[0].sum()), "groups": groups}
    influence = (groups - 1) * (moved_a - moved_b)[:, counting]
    if min(influence.shape) < 2:
        return row | {"note": "needs two seeds and two groups of test images"}
    if not np.isfinite(influence).all():
        return row | {"note": "the score is undefined without some test images"}
    values = differences[:, None] + influence - influence.mean(axis=1, keepdims=True)
    found = crossed_interval(values, confidence)
    return row | {
        "new_low": found.interval.low,
        "new_high": found.interval.high,
        "seed_sd": found.seed_sd,
        "image_sd": found.image_sd,
        "rest_sd": found.rest_sd,
        "note": "" if np.isfinite(found.interval.low) else "all values are the same",
    }


def _scores(rows: pd.DataFrame) -> pd.Series:
    """Return the score of each seed."""
    return rows.groupby("seed")["score"].first()


def _by_seed(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column with one row a seed and one column a group."""
    return rows.pivot(index="seed", columns="group", values=column)
