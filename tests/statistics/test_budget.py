import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.budget import area

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
