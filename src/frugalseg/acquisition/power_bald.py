"""PowerBALD: a batch drawn in proportion to BALD, since its top scores repeat each other."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.ranking import by_pixel_score
from frugalseg.acquisition.uncertainty import mutual_information

COLDNESS = 1.0
"""The exponent of the scores, 1 as in the paper's experiments; higher comes nearer to the top."""

_LEAST = 1e-300


def perturb(
    scores: NDArray[np.float64], rng: np.random.Generator, coldness: float = COLDNESS
) -> NDArray[np.float64]:
    """Return ln(score) + Gumbel(0, 1 / coldness) noise; the highest are the batch.

    This draws without replacement, in proportion to score ** coldness. Scores of 0 come last.
    Kirsch et al. (2023), "Stochastic Batch Acquisition", table 1 (power).
    """
    return np.log(np.maximum(scores, _LEAST)) + rng.gumbel(0, 1 / coldness, scores.shape)


POWER_BALD = by_pixel_score(mutual_information, perturb, least_passes=2)
