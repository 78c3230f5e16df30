from pathlib import Path

import numpy as np
import pytest
from pool_makers import make_pool

from frugalseg.inference.model_pool import with_embeddings, with_gradients, with_maps
from frugalseg.inference.pool import PoolContext

NOTHING = np.zeros(0, np.int64)


def test_nothing_is_opened_before_an_acquisition_asks(prepared: Path) -> None:
    """Whatever shows a pool is lazy: a model that is missing is missed when it is needed."""
    view = PoolContext(prepared, np.array([4]), np.array([[32, 32]]), NOTHING, NOTHING, 1, ())
    pool = make_pool([(32, 32)])
    shown = with_gradients(with_embeddings(with_maps(pool, view), view), view)
    with pytest.raises(ValueError, match="needs a model, and the rule gave none"):
        next(shown.maps())
    with pytest.raises(ValueError, match="needs a model"):
        shown.embeddings()
    with pytest.raises(ValueError, match="needs a model"):
        shown.gradients()


def test_an_acquisition_sees_what_it_needs_and_nothing_more() -> None:
    with pytest.raises(LookupError, match="what its `needs` does not name"):
        make_pool([(32, 32)]).maps()
