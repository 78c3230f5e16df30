import numpy as np
import pytest
from scipy import stats

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.sequential.looks import Looks


@pytest.mark.parametrize("seeds", [(), (1, 5), (5, 5), (8, 5)])
def test_looks_that_cannot_be_tested_are_refused(seeds: tuple[int, ...]) -> None:
    with pytest.raises(FrugalsegError, match="'looks' must be increasing"):
        Looks(seeds)


def test_linear_spending_is_in_proportion_to_the_seeds() -> None:
    spent = Looks((5, 10, 20)).spent(np.array([0.04, 0.02]))
    np.testing.assert_allclose(spent, [[0.01, 0.02, 0.04], [0.005, 0.01, 0.02]])


def test_obrien_fleming_spending_by_hand() -> None:
    # a quarter of the seeds halves the standard error's share: 2 (1 - Phi(2 z))
    (spent,) = Looks((5, 20), "obrien_fleming").spent(np.array([0.025]))
    assert spent[0] == pytest.approx(2 * (1 - stats.norm.cdf(2 * 2.241403)), rel=1e-5)
    assert spent[1] == pytest.approx(0.025)
