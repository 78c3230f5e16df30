import pytest

from frugalseg.settings.training import LengthParams
from frugalseg.training.length import Length, choose_length

LIMITS = LengthParams(start=100, most=500, gain=0.01)


def chosen(scores: dict[int, float]) -> Length:
    return choose_length(scores.__getitem__, LIMITS)


def test_the_shorter_of_two_lengths_with_nearly_the_same_score_is_taken() -> None:
    length = chosen({100: 0.5, 200: 0.6, 400: 0.609})
    assert (length.steps, length.limit_reached) == (200, False)
    assert length.curve == ((100, 0.5), (200, 0.6), (400, 0.609))


def test_no_longer_length_is_tried_once_doubling_gained_too_little() -> None:
    assert chosen({100: 0.5, 200: 0.4}) == Length(100, ((100, 0.5), (200, 0.4)), False)


def test_a_score_that_rises_to_the_limit_says_so() -> None:
    length = chosen({100: 0.1, 200: 0.2, 400: 0.3})  # 800 is more than 500
    assert (length.steps, length.limit_reached) == (400, True)


@pytest.mark.parametrize(("gain", "steps"), [(0.05, 100), (0.04, 200)])
def test_a_doubling_that_gains_as_much_as_asked_goes_on(gain: float, steps: int) -> None:
    scores = {100: 0.5, 200: 0.545, 400: 0.55}
    params = LengthParams(start=100, most=400, gain=gain)
    assert choose_length(scores.__getitem__, params).steps == steps
