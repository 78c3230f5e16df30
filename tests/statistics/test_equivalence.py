import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.weightstats import ttost_paired

from frugalseg.statistics.equivalence import non_inferiority, rope, tost
from frugalseg.statistics.interval import is_constant, t_interval
from frugalseg.statistics.paired import t_test

DIFFERENCES = arrays(np.int64, st.integers(3, 20), elements=st.integers(-50, 50)).map(
    lambda whole: whole / 1000
)
SPREAD = DIFFERENCES.filter(lambda values: not is_constant(values))
MARGIN = st.sampled_from([0.005, 0.02, 0.05])


@given(SPREAD, MARGIN)
def test_tost_equals_statsmodels_and_pingouin(differences: np.ndarray, margin: float) -> None:
    found = tost(differences, margin)
    zeros = np.zeros_like(differences)
    assert found == pytest.approx(ttost_paired(differences, zeros, -margin, margin)[0], abs=1e-8)
    peer = pingouin.tost(differences, zeros, bound=margin, paired=True)
    name = "pval" if "pval" in peer else "p_val"
    assert found == pytest.approx(peer[name].iloc[0], abs=1e-8)


@given(SPREAD, MARGIN)
def test_tost_agrees_with_the_ninety_percent_interval(
    differences: np.ndarray, margin: float
) -> None:
    low, high = t_interval(differences, 0.9)
    if min(abs(low + margin), abs(high - margin)) > 1e-9:
        assert (tost(differences, margin) < 0.05) == (-margin < low and high < margin)


def test_non_inferiority_by_hand() -> None:
    # t = (0 + 1) / (1 / sqrt(3)) = sqrt(3) with 2 degrees of freedom; its upper tail is
    # 1/2 - t / (2 sqrt(2 + t^2)) = 0.1127017
    p = non_inferiority(np.array([-1.0, 0.0, 1.0]), 1.0)
    assert p == pytest.approx(0.5 - np.sqrt(3) / (2 * np.sqrt(5)), abs=1e-12)


@given(SPREAD)
def test_the_posterior_without_a_region_is_the_one_sided_p(differences: np.ndarray) -> None:
    found = rope(differences, 0.0)
    assert found.inside == pytest.approx(0.0, abs=1e-12)
    assert found.below == pytest.approx(t_test(differences, alternative="greater"), abs=1e-8)


@given(SPREAD, MARGIN)
def test_the_posterior_adds_to_one_and_mirrors(differences: np.ndarray, margin: float) -> None:
    found, mirrored = rope(differences, margin), rope(-differences, margin)
    assert sum(found) == pytest.approx(1.0)
    np.testing.assert_allclose(found, mirrored[::-1], atol=1e-12)


@pytest.mark.parametrize("differences", [[], [0.1], [0.0, 0.0, 0.0]])
def test_without_spread_nothing_is_defined(differences: list[float]) -> None:
    values = np.array(differences)
    found = [tost(values, 0.1), non_inferiority(values, 0.1), *rope(values, 0.1)]
    assert np.isnan(found).all()
