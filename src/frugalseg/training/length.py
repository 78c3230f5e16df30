"""The length of a training: doubled for as long as that raises the validation score."""

from collections.abc import Callable
from dataclasses import dataclass

from frugalseg.settings.training import LengthParams


@dataclass(frozen=True)
class Length:
    """A chosen number of steps.

    Attributes:
        curve: every length that was tried, ascending, and its validation score.
        limit_reached: whether the score still rose at the longest length allowed.
    """

    steps: int
    curve: tuple[tuple[int, float], ...]
    limit_reached: bool


def choose_length(score: Callable[[int], float], params: LengthParams) -> Length:
    """Return the first length whose doubling gains less than `params.gain`.

    Args:
        score: trains for a number of steps, with the whole schedule, and returns the validation
            score; higher is better.

    >>> scores = {100: 0.40, 200: 0.55, 400: 0.552}
    >>> choose_length(scores.__getitem__, LengthParams()).steps
    200
    """
    curve = [(params.start, score(params.start))]
    while 2 * curve[-1][0] <= params.most:
        steps = 2 * curve[-1][0]
        curve.append((steps, score(steps)))
        (shorter, before), (_, after) = curve[-2:]
        if after - before < params.gain:
            return Length(shorter, tuple(curve), limit_reached=False)
    return Length(curve[-1][0], tuple(curve), limit_reached=True)
