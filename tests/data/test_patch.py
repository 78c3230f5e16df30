import numpy as np
import pytest

from frugalseg.data.patch import PatchRows, center_patch


@pytest.mark.parametrize(
    ("size", "patch", "rows", "columns"),
    [
        ((768, 768), (256, 256), (256, 512), (256, 512)),
        ((10, 7), (4, 4), (3, 7), (1, 5)),
        ((64, 32), (96, 32), (0, 64), (0, 32)),
    ],
)
def test_patches_by_hand(
    size: tuple[int, int],
    patch: tuple[int, int],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> None:
    assert center_patch(size, patch) == (slice(*rows), slice(*columns))


def test_patches_are_read_by_row() -> None:
    whole = np.arange(4 * 6 * 8, dtype=np.uint8).reshape(4, 6, 8)
    patches = PatchRows(whole, (2, 9))
    assert patches.shape == (4, 2, 8)
    rows = np.array([3, 1])
    assert np.array_equal(patches[rows], whole[[3, 1], 2:4])
    assert PatchRows(np.zeros((2, 6, 8, 3), np.uint8), (2, 2)).shape == (2, 2, 2, 3)
