"""Stage `test`: the planned contrasts and nothing else, and the curves with their intervals."""

from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.files import write_csv
from frugalseg.randomness import generator
from frugalseg.statistics.contrast import Contrast
from frugalseg.statistics.curve import curve_table
from frugalseg.statistics.summarize import contrast_table


def run(
    scores_file: Path,
    contrasts_file: Path,
    curve_file: Path,
    *,
    contrasts: list[dict[str, Any]],
    seeds: list[int],
    alpha: float,
    confidence: float,
    resamples: int,
    seed: int,
) -> None:
    """Write `contrasts.csv` (one row a planned contrast) and `curve.csv` (mean and interval)."""
    scores = pd.read_csv(scores_file)
    table = contrast_table(
        scores,
        [Contrast(**contrast) for contrast in contrasts],
        alpha=alpha,
        confidence=confidence,
        resamples=resamples,
        rng=generator(seed, "test"),
        seeds=seeds,
    )
    write_csv(contrasts_file, table)
    write_csv(curve_file, curve_table(scores, confidence=confidence))
