"""PowerBALD: a batch drawn in proportion to BALD, and not its top, which repeats itself."""

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.bald import mutual_information
from frugalseg.acquisition.base import Acquisition
from frugalseg.acquisition.ranking import ranked

COLDNESS = 1.0
"""The exponent of the scores, 1 as in the paper's experiments; higher comes nearer to the top."""

_LEAST = 1e-300


def perturb(scores: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return ln(score) + Gumbel(0, 1 / COLDNESS) noise; the highest are the batch.

    This draws without replacement with chances in proportion to score ** COLDNESS. What scores
    nothing comes last. Kirsch et al. (2023), "Stochastic Batch Acquisition", table 1 (power).
    """
    return np.log(np.maximum(scores, _LEAST)) + rng.gumbel(0, 1 / COLDNESS, scores.shape)


POWER_BALD = Acquisition(
    select=ranked(mutual_information, perturb),
    needs="maps",
    units=("image", "region"),
    least_passes=2,
    pixel_score=mutual_information,
)
