import numpy as np

from frugalseg.metrics.ratios import defined_mean, ratio


def test_a_ratio_is_undefined_where_nothing_divides() -> None:
    found = ratio(np.array([1, 2, 0]), np.array([4, 0, 5]))
    assert np.array_equal(found, [0.25, np.nan, 0.0], equal_nan=True)
    assert ratio(1.0, 4.0) == 0.25
    assert np.isnan(ratio(1.0, 0.0))


def test_a_mean_is_over_what_is_defined() -> None:
    assert defined_mean(np.array([0.5, np.nan, 1.0])) == 0.75
    assert np.isnan(defined_mean(np.array([np.nan])))
    assert np.isnan(defined_mean(np.array([])))
