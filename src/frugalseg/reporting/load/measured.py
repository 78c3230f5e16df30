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
        results: `results/<dataset>`; runs in it that `plan` does not have are ignored.
        plan: the arms and rounds.
        seeds: the planned seeds.
    """
    rows = []
    for arm in plan.arms.values():
        for run in ((arm.name, seed, number) for seed in seeds for number in arm.rounds):
            path = paths.within(paths.round_folder(results, *run), paths.TRAIN_RECORD)
            if path.is_file():
                record = read_json(path)
                rows.append((*run, float(record["seconds"]), int(record["threads"])))
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


def measured_scores(results: Path) -> pd.DataFrame | None:
    """Return the scores of `results/<dataset>`; None if there are none yet."""
    path = paths.within(results, paths.SCORES)
    return pd.read_csv(path) if path.is_file() else None


def paired_spreads(
    scores: pd.DataFrame, contrasts: Sequence[ContrastParams], seeds: Sequence[int]
) -> list[tuple[int, float]]:
    """Return for each contrast its paired seeds and the standard deviation of its differences.

    The deviation is NaN with fewer than two pairs, without spread, or where an arm has no scores.
    """
    spreads = []
    for contrast in contrasts:
        try:
            differences = select_pairs(scores, contrast, seeds=seeds).differences
        except FrugalsegError:
            differences = np.empty(0)
        deviation = np.nan if is_constant(differences) else float(np.std(differences, ddof=1))
        spreads.append((differences.size, deviation))
    return spreads
