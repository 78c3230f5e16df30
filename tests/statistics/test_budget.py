import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.budget import Crossing, area, earlier, labels_to

X = [0.1, 0.2, 0.4]
Y = [0.2, 0.6, 0.8]


def curve(values: list[float]) -> pd.Series:
    return pd.Series(values, index=X)


def test_area_by_hand() -> None:
    # trapezoids (0.2 + 0.6) / 2 * 0.1 + (0.6 + 0.8) / 2 * 0.2 = 0.18, over a width of 0.3
    assert area(curve(Y), 0.1, 0.4) == pytest.approx(0.6)
    # cut at 0.15 (0.4) and 0.3 (0.7): 0.5 * 0.05 + 0.65 * 0.1 = 0.09, over 0.15
    assert area(curve(Y), 0.15, 0.3) == pytest.approx(0.6)


@given(st.floats(0, 1), st.floats(0.1, 0.39))
def test_the_area_of_a_flat_curve_is_its_height(height: float, low: float) -> None:
    assert area(curve([height] * 3), low, 0.4) == pytest.approx(height)


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.3), (0.1, 0.5), (0.3, 0.3)])
def test_an_area_beyond_the_curve_is_refused(low: float, high: float) -> None:
    with pytest.raises(FrugalsegError, match=r"goes from 0\.1 to 0\.4"):
        area(curve(Y), low, high)


def test_an_area_over_a_hole_is_no_number() -> None:
    assert math.isnan(area(curve([0.2, math.nan, 0.8]), 0.1, 0.4))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (0.4, Crossing(0.15, "reached")),
        (0.6, Crossing(0.2, "reached")),
        (0.7, Crossing(0.3, "reached")),
        (0.8, Crossing(0.4, "reached")),
        (0.81, Crossing(0.4, "never")),
        (0.2, Crossing(0.1, "from the start")),
    ],
)
def test_labels_to_a_target(target: float, expected: Crossing) -> None:
    found = labels_to(curve(Y), target)
    assert found.state == expected.state
    assert found.fraction == pytest.approx(expected.fraction)


def test_labels_to_a_target_from_above() -> None:
    found = labels_to(curve([0.5, 0.3, 0.1]), 0.2, lower_is_better=True)
    assert found.state == "reached"
    assert found.fraction == pytest.approx(0.3)


def test_the_first_crossing_counts() -> None:
    assert labels_to(curve([0.2, 0.6, 0.3]), 0.4).fraction == pytest.approx(0.15)


def test_rounds_without_a_number_reach_nothing() -> None:
    assert labels_to(curve([0.2, math.nan, 0.8]), 0.5) == Crossing(0.4, "reached")
    assert labels_to(curve([math.nan] * 3), 0.5) == Crossing(0.4, "never")


REACHED = Crossing(0.2, "reached")


@pytest.mark.parametrize(
    ("a", "b", "sign"),
    [
        (REACHED, Crossing(0.3, "reached"), 1),
        (REACHED, REACHED, 0),
        (REACHED, Crossing(0.3, "never"), 1),
        (REACHED, Crossing(0.2, "never"), 1),
        (REACHED, Crossing(0.1, "never"), 0),
        (Crossing(0.3, "never"), Crossing(0.5, "never"), 0),
        (Crossing(0.1, "from the start"), REACHED, 1),
        (Crossing(0.3, "from the start"), REACHED, 0),
        (Crossing(0.1, "from the start"), Crossing(0.1, "from the start"), 0),
        (Crossing(0.1, "from the start"), Crossing(0.1, "never"), 1),
    ],
)
def test_who_needs_fewer_labels_under_censoring(a: Crossing, b: Crossing, sign: int) -> None:
    assert earlier(a, b) == sign
    assert earlier(b, a) == -sign
