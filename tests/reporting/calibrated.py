"""A made-up study with what evaluation keeps of its probabilities."""

from dataclasses import replace

import numpy as np
import pandas as pd

from frugalseg.metrics.calibration import histograms
from frugalseg.metrics.scores import score_calibration
from frugalseg.metrics.tables import calibration_table
from frugalseg.metrics.temperature import temper
from frugalseg.reporting.load.study import Study


def calibrated(study: Study) -> Study:
    """Return the study with histograms of an overconfident model, and their scores."""
    rng = np.random.default_rng(0)
    keys = ["arm", "seed", "round"]
    costs = ["images", "pixels", "seconds", "fraction"]
    tables, scores = [], [study.scores]
    for _, rows in study.scores.groupby(keys, sort=False):
        run = {name: rows[name].iloc[0] for name in keys}
        logits = rng.normal(0, 2, 400)
        target = (rng.random(400) < 1 / (1 + np.exp(-logits))).astype(np.uint8)
        foreground = 1 / (1 + np.exp(-2 * logits))
        probs = np.stack([1 - foreground, foreground], axis=1).astype(np.float32)
        sums = [histograms(one, target) for one in (probs, temper(probs, 2.0))]
        table = calibration_table(np.stack(sums), 2.0).assign(**run)
        tables.append(table)
        cost = {name: rows[name].iloc[0] for name in costs}
        scores.append(score_calibration(table).assign(**run, **cost))
    return replace(
        study,
        calibration=pd.concat(tables, ignore_index=True),
        scores=pd.concat(scores, ignore_index=True),
    )
