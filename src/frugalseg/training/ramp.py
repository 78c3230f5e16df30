"""Ramps of a loss weight; each returns a multiplier between 0 and 1."""

import math


def rampup(name: str, step: int, steps: int) -> float:
    """Return how much of its weight a loss has at `step`, counted from 0; 1 from `steps` on.

    Args:
        name: `sigmoid`, exp(-5 (1 - t)^2) (Laine & Aila 2017, section 3.1), `cosine`,
            (1 - cos(pi t)) / 2, or `linear`, t; with t = step / steps.
        steps: length of the ramp; 0 for none.
    """
    if step >= steps:
        return 1.0
    t = step / steps
    if name == "sigmoid":
        return math.exp(-5 * (1 - t) ** 2)
    if name == "cosine":
        return (1 - math.cos(math.pi * t)) / 2
    return t
