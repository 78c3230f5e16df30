from pathlib import Path

import numpy as np
import pytest

from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.raw import histogram
from frugalseg.ingest.sample import Item

ITEMS = [Item(name, Path(name), Path(f"{name}_mask")) for name in "abc"]


def mask(*levels: int) -> np.ndarray:
    return np.random.default_rng(0).choice(np.array(levels, np.uint8), size=(5, 7))


@pytest.mark.parametrize("levels", [(0, 255), (3, 4), (0,), (255,), (0, 1, 2), tuple(range(256))])
def test_levels_come_back_once(levels: tuple[int, ...]) -> None:
    kept, raw = KeptMasks(), mask(*levels)
    kept.keep(ITEMS[0], raw, histogram(raw))
    back = kept.take(ITEMS[0])
    assert back is not None
    assert back.dtype == np.uint8
    np.testing.assert_array_equal(back, raw)
    assert kept.take(ITEMS[0]) is None
    assert kept.take(ITEMS[1]) is None


@pytest.mark.parametrize(
    "raw",
    [
        np.array([[0, 1]], np.uint16),
        np.array([[0.0, 1.0]]),
        np.zeros((2, 2, 3), np.uint8),
    ],
)
def test_colors_and_deep_values_are_not_kept(raw: np.ndarray) -> None:
    kept = KeptMasks()
    kept.keep(ITEMS[0], raw, histogram(raw))
    assert kept.take(ITEMS[0]) is None


def test_no_more_is_kept_than_there_is_room_for() -> None:
    kept, raw = KeptMasks(room=10), mask(0, 255)  # 35 bits: 5 bytes a mask
    many = mask(0, 1, 2)  # 35 bytes
    kept.keep(ITEMS[0], many, histogram(many))
    for item in ITEMS:
        kept.keep(item, raw, histogram(raw))
    assert [kept.take(item) is not None for item in ITEMS] == [True, True, False]
    kept.keep(ITEMS[2], raw, histogram(raw))
    assert kept.take(ITEMS[2]) is not None
