from pathlib import Path

import numpy as np
import pytest
from pool_makers import make_pool

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.registry import lookup
from frugalseg.inference.pool import PoolContext, attach_predictions


@pytest.mark.parametrize("acquire", ["entropy", "coreset", "badge"])
def test_nothing_is_opened_before_an_acquisition_asks(prepared: Path, acquire: str) -> None:
    """Every input is lazy: a model that is missing is missed when it is needed."""
    nothing, sizes = np.zeros(0, np.int64), np.array([[32, 32]] * 24)
    context = PoolContext(prepared, np.array([4]), nothing, sizes, ())
    acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
    pool = attach_predictions(acquisition, make_pool([(32, 32)]), context)
    with pytest.raises(ValueError, match="needs a model, and the rule gave none"):
        list(getattr(pool, acquisition.needs)())


def test_an_acquisition_sees_what_it_needs_and_nothing_more() -> None:
    with pytest.raises(LookupError, match="what its `needs` does not name"):
        make_pool([(32, 32)]).maps()
