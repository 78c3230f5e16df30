"""What earlier runs of a study have measured, as far as they got: times, scores, scatter."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.params import Plan
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import select_pairs
from frugalseg.statistics.interval import is_constant

RUN_COLUMNS = ["arm", "seed", "round", "seconds", "threads"]


def measured_runs(results: Path, plan: Plan, seeds: Sequence[int]) -> pd.DataFrame:
    """Return `arm, seed, round, seconds, threads` of the planned trainings that were run.

    Args:
        results: `results/<dataset>`.
        plan: the arms and rounds; what else lies in the folder does not count.
        seeds: the planned seeds.
    """
    rows = []
    for arm in plan.arms.values():
        for seed in seeds:
            for number in arm.rounds:
                path = paths.in_results(
                    results, paths.TRAIN_RECORD, arm=arm.name, seed=seed, round=number
                )
                if path.is_file():
                    record = read_json(path)
                    cost = (float(record["seconds"]), int(record["threads"]))
                    rows.append((arm.name, seed, number, *cost))
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


def measured_scores(results: Path) -> pd.DataFrame | None:
    """Return the scores of `results/<dataset>`, or None where there are none yet."""
    path = paths.within(results, paths.SCORES)
    return pd.read_csv(path) if path.is_file() else None


def paired_spreads(
    scores: pd.DataFrame, contrasts: Sequence[ContrastParams], seeds: Sequence[int]
) -> list[tuple[int, float]]:
    """Return for each contrast its paired seeds and the standard deviation of its differences.

    The deviation is NaN with fewer than two pairs, without spread, or where an arm has no scores.
    """
    return [_spread(scores, contrast, seeds) for contrast in contrasts]


def _spread(
    scores: pd.DataFrame, contrast: ContrastParams, seeds: Sequence[int]
) -> tuple[int, float]:
    try:
        differences = select_pairs(scores, contrast, seeds=seeds).differences
    except FrugalsegError:
        return 0, float("nan")
    if is_constant(differences):
        return differences.size, float("nan")
    return differences.size, float(np.std(differences, ddof=1))
