import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from frugalseg.statistics.interval import bootstrap_intervals, is_constant, t_interval

# Whole thousandths: as many ties and zeros as scores over few images have.
DIFFERENCES = arrays(np.int64, st.integers(2, 20), elements=st.integers(-50, 50)).map(
    lambda whole: whole / 1000
)


def test_t_interval_by_hand() -> None:
    # mean 2, standard deviation 1, n = 3: 2 -+ 4.302653 / sqrt(3)
    low, high = t_interval(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose([low, high], [-0.484138, 4.484138], atol=1e-6)


@given(DIFFERENCES.filter(lambda values: not is_constant(values)), st.sampled_from([0.8, 0.95]))
def test_t_interval_equals_statsmodels(differences: np.ndarray, confidence: float) -> None:
    peer = DescrStatsW(differences).tconfint_mean(alpha=1 - confidence)
    np.testing.assert_allclose(t_interval(differences, confidence), peer, atol=1e-8)


@pytest.mark.parametrize("differences", [[], [0.1], [0.0, 0.0, 0.0], [0.1, 0.1 + 1e-15]])
def test_without_spread_no_interval_is_defined(differences: list[float]) -> None:
    values = np.array(differences)
    rng = np.random.default_rng(0)
    assert np.isnan([*t_interval(values), *np.ravel(bootstrap_intervals(values, rng))]).all()


def test_percentile_interval_by_hand() -> None:
    # Means of two draws from {0, 1} are 0, 1/2, 1 with chances 1/4, 1/2, 1/4.
    rng = np.random.default_rng(0)
    percentile, _ = bootstrap_intervals(np.array([0.0, 1.0]), rng)
    assert percentile == (0.0, 1.0)
    narrow, _ = bootstrap_intervals(np.array([0.0, 1.0]), rng, confidence=0.4)
    assert narrow == (0.5, 0.5)


@pytest.mark.filterwarnings("error")
def test_a_bca_interval_without_meaning_is_not_given() -> None:
    # Three resamples that all lie on one side of the mean: the bias correction is infinite.
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    found = [bootstrap_intervals(values, np.random.default_rng(s), resamples=3) for s in range(20)]
    assert all(np.isfinite(percentile).all() for percentile, _ in found)
    assert 0 < sum(bool(np.isnan(bca).all()) for _, bca in found) < 20


def test_both_bootstrap_intervals_equal_scipy_from_the_same_generator() -> None:
    differences = np.random.default_rng(3).exponential(size=12)
    rng = np.random.default_rng
    found = bootstrap_intervals(differences, rng(5), resamples=500)
    data = (differences,)
    for interval, peer in zip(
        found,
        (
            stats.bootstrap(data, np.mean, n_resamples=500, method="percentile", rng=rng(5)),
            stats.bootstrap(data, np.mean, n_resamples=500, method="BCa", rng=rng(5)),
        ),
        strict=True,
    ):
        np.testing.assert_allclose(interval, peer.confidence_interval, atol=1e-12)
