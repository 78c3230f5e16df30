from pathlib import Path

import numpy as np
from pool_makers import make_pool

from frugalseg.inference.mask_pool import with_foreground
from frugalseg.inference.pool import PoolContext


def test_it_shows_foreground_and_no_padding(prepared: Path) -> None:
    masks = np.load(prepared / "masks.npy")
    masks[4, 20:] = 255
    np.save(prepared / "masks.npy", masks)
    nothing = np.zeros(0, np.int64)
    context = PoolContext(
        prepared, np.array([4, 1]), np.zeros((2, 2), np.int64), nothing, nothing, 1, ()
    )
    shown = list(with_foreground(make_pool([(32, 32)] * 2), context).foreground())
    assert np.array_equal(shown[0], masks[4] == 1)
    assert shown[0].any()
    assert not shown[1].any()
