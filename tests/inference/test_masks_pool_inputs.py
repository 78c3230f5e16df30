from pathlib import Path

import numpy as np

from frugalseg.inference.pool import PoolContext
from frugalseg.inference.pool_inputs import masks as true_masks


def test_it_shows_foreground_and_no_padding(prepared: Path) -> None:
    masks = np.load(prepared / "masks.npy")
    masks[4, 20:] = 255
    np.save(prepared / "masks.npy", masks)
    nothing = np.zeros(0, np.int64)
    context = PoolContext(prepared, np.array([4, 1]), nothing, np.zeros((24, 2), np.int64), ())
    shown = list(true_masks(context))
    assert np.array_equal(shown[0], masks[4] == 1)
    assert shown[0].any()
    assert not shown[1].any()
