"""The length of a training: doubled until neither validation score nor loss asks for more."""

from collections.abc import Callable
from dataclasses import dataclass

from frugalseg.settings.training import LengthParams


@dataclass(frozen=True)
class Attempt:
    """A training of some length, with the whole schedule.

    Attributes:
        score: of its validation; higher is better.
        falls_late: whether its loss was still falling when it ended.
    """

    steps: int
    score: float
    falls_late: bool


@dataclass(frozen=True)
class Length:
    """A chosen number of steps.

    Attributes:
        attempts: every length that was tried, ascending.
        limit_reached: whether the longest length allowed was still too short.
    """

    steps: int
    attempts: tuple[Attempt, ...]
    limit_reached: bool


def choose_length(train: Callable[[int], Attempt], params: LengthParams) -> Length:
    """Return the first length whose loss ends flat and whose doubling gains less than `gain`.

    A few validation images tell small gains badly, so a loss that still falls goes on, too.

    Args:
        train: trains for a number of steps.

    >>> scores = {100: 0.40, 200: 0.55, 400: 0.552}
    >>> choose_length(lambda steps: Attempt(steps, scores[steps], False), LengthParams()).steps
    200
    """
    attempts = [train(params.start)]
    while 2 * attempts[-1].steps <= params.most:
        attempts.append(train(2 * attempts[-1].steps))
        shorter, longer = attempts[-2:]
        if longer.score - shorter.score < params.gain and not shorter.falls_late:
            return Length(shorter.steps, tuple(attempts), limit_reached=False)
    return Length(attempts[-1].steps, tuple(attempts), limit_reached=True)
