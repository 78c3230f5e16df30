import pytest

from frugalseg.data.patch import center_patch


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
