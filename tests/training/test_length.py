from collections.abc import Iterable

import pytest

from frugalseg.settings.training import LengthParams
from frugalseg.training.length import Attempt, Length, choose_length

LIMITS = LengthParams(start=100, most=500, gain=0.01)


def chosen(
    scores: dict[int, float], falls_late: Iterable[int] = (), limits: LengthParams = LIMITS
) -> Length:
    def train(steps: int) -> Attempt:
        return Attempt(steps, scores[steps], steps in falls_late)

    return choose_length(train, limits)


def tried(length: Length) -> list[int]:
    return [attempt.steps for attempt in length.attempts]


def test_the_shorter_of_two_lengths_with_nearly_the_same_score_is_taken() -> None:
    length = chosen({100: 0.5, 200: 0.6, 400: 0.609})
    assert (length.steps, length.limit_reached) == (200, False)
    assert [attempt.score for attempt in length.attempts] == [0.5, 0.6, 0.609]


def test_no_longer_length_is_tried_once_doubling_gained_too_little() -> None:
    length = chosen({100: 0.5, 200: 0.4})
    assert (length.steps, tried(length), length.limit_reached) == (100, [100, 200], False)


def test_a_loss_that_still_falls_goes_on_whatever_the_score_says() -> None:
    length = chosen({100: 0.5, 200: 0.4, 400: 0.4}, falls_late=[100])
    assert (length.steps, tried(length), length.limit_reached) == (200, [100, 200, 400], False)
    # the longest one is only compared with the one before it
    assert chosen({100: 0.5, 200: 0.5}, falls_late=[200]).steps == 100
    assert chosen({100: 0.5, 200: 0.5, 400: 0.5}, falls_late=[100, 200]).limit_reached


def test_a_score_that_rises_to_the_limit_says_so() -> None:
    length = chosen({100: 0.1, 200: 0.2, 400: 0.3})  # 800 is more than 500
    assert (length.steps, length.limit_reached) == (400, True)


@pytest.mark.parametrize(("gain", "steps"), [(0.05, 100), (0.04, 200)])
def test_a_doubling_that_gains_as_much_as_asked_goes_on(gain: float, steps: int) -> None:
    scores = {100: 0.5, 200: 0.545, 400: 0.55}
    limits = LengthParams(start=100, most=400, gain=gain)
    assert chosen(scores, limits=limits).steps == steps
