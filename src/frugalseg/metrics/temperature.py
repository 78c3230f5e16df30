"""Temperature scaling: one number that sharpens or softens probabilities (Guo 2017, 4.2)."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from frugalseg.metrics.calibration import LEAST

BOUNDS = (0.05, 20.0)
"""Between which a temperature is searched."""


def temper(probs: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Return probabilities proportional to p ** (1 / temperature), V x K+1.

    They are those of the logits divided by the temperature, and also exist for a mean over
    stochastic passes, which has no logits.
    """
    if temperature == 1:
        return probs
    logits = np.log(np.maximum(probs, LEAST)) / np.float32(temperature)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_temperature(probs: NDArray[np.float32], target: NDArray[np.uint8]) -> float:
    """Return the temperature of the least mean NLL, within `BOUNDS`; 1 without pixels.

    The NLL is convex in 1 / temperature, so a bounded search finds its minimum.

    Args:
        probs: V x K+1, background first. target: V, values 0 to K.
    """
    if not len(target):
        return 1.0
    # classes first: a step of the search then goes through memory in its order
    logits = np.ascontiguousarray(np.log(np.maximum(probs, LEAST)).T)
    true = np.take_along_axis(logits, target[None].astype(np.intp), axis=0)[0]

    def nll(log_temperature: float) -> float:
        sharpness = np.float32(np.exp(-log_temperature))
        normalizer = np.logaddexp.reduce(logits * sharpness, axis=0)
        return float((normalizer - true * sharpness).mean())

    bounds = (np.log(BOUNDS[0]), np.log(BOUNDS[1]))
    best = minimize_scalar(nll, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    return float(np.exp(best.x))
