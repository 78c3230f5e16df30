import numpy as np
import pingouin
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.statistics.multiplicity import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_by_hand() -> None:
    # sorted .01 .03 .04: Holm times 3, 2, 1 and never falling; BH times 3, 3/2, 1 and never rising
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
    np.testing.assert_allclose(benjamini_hochberg([0.01, 0.04, 0.03]), [0.03, 0.04, 0.04])


@settings(max_examples=20)
@given(P_VALUES)
def test_equal_to_pingouin(p_values: list[float]) -> None:
    for ours, method in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        peer = pingouin.multicomp(p_values, method=method)[1]
        np.testing.assert_allclose(ours(p_values), peer, atol=1e-8)


def test_an_untested_contrast_stays_in_the_family() -> None:
    np.testing.assert_array_equal(holm([0.02, np.nan]), [0.04, np.nan])
    np.testing.assert_array_equal(benjamini_hochberg([0.02, np.nan]), [0.04, np.nan])


def test_nothing_planned() -> None:
    assert holm([]).size == benjamini_hochberg([]).size == 0
