import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pool_makers import region_of
from scipy.ndimage import uniform_filter

from frugalseg.acquisition.windows import blocked, lay, pick_apart, pick_highest, window_sums
from frugalseg.core.boxes import overlap
from frugalseg.settings.arm import RegionParams

RNG = np.random.default_rng(0)


def by_hand(scores: NDArray[np.float64], region: RegionParams) -> NDArray[np.float64]:
    windows = lay((scores.shape[0], scores.shape[1]), region)
    height, width = windows.height, windows.width
    return np.array(
        [[scores[y : y + height, x : x + width].sum() for x in windows.xs] for y in windows.ys]
    )


def test_windows_cover_an_image_to_its_rim() -> None:
    windows = lay((10, 7), region_of(4, 3))
    assert windows.ys.tolist() == [0, 3, 6]
    assert windows.xs.tolist() == [0, 3]
    assert lay((11, 8), region_of(4, 3)).ys.tolist() == [0, 3, 6, 7]


def test_a_box_is_found_again_in_the_grid() -> None:
    windows = lay((11, 7), region_of(4, 3))  # from rows 0, 3, 6, 7 and columns 0, 3
    assert windows.box(3, 1) == (7, 3, 4, 4)
    assert windows.place((7, 3, 4, 4)) == (3, 1)
    assert windows.place((3, 0, 4, 4)) == (1, 0)


def test_a_window_is_cut_down_to_a_smaller_image() -> None:
    windows = lay((3, 9), region_of(5, 2))
    assert [windows.box(0, column) for column in range(len(windows.xs))] == [
        (0, 0, 3, 5),
        (0, 2, 3, 5),
        (0, 4, 3, 5),
    ]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12), st.integers(1, 12))
def test_sums_are_those_of_slices(height: int, width: int, size: int, stride: int) -> None:
    scores = np.random.default_rng(0).random((height, width))
    region = region_of(size, stride)
    found = window_sums(scores, lay((height, width), region))
    assert np.allclose(found, by_hand(scores, region), atol=size**2 * 2**-27, rtol=0)


def test_sums_at_stride_1_are_those_of_scipys_filter() -> None:
    scores = RNG.random((50, 60))
    means = uniform_filter(scores, 5, mode="constant")[2:-2, 2:-2]
    found = window_sums(scores, lay((50, 60), region_of(5, 1)))
    assert np.allclose(found / 25, means, atol=1e-7)


def test_equal_windows_tie_and_empty_ones_are_zero() -> None:
    scores = np.full((40, 40), 0.1, np.float32)
    scores[30:] = 0
    found = window_sums(scores, lay((40, 40), region_of(7, 1)))
    assert len(np.unique(found[:24])) == 1
    assert (found[30:] == 0).all()


def test_windows_that_share_a_pixel_are_blocked() -> None:
    windows = lay((10, 10), region_of(3, 1))
    found = blocked(windows, [(4, 4, 2, 1)])
    expected = [[overlap(windows.box(i, j), (4, 4, 2, 1)) for j in range(8)] for i in range(8)]
    assert found.tolist() == expected
    assert found.sum() == 4 * 3


def test_the_highest_come_first_and_none_shares_a_pixel() -> None:
    windows = lay((1, 8), region_of(3, 1))  # 1 x 3 windows from column 0 to 5
    keys = np.array([[1.0, 5.0, 4.0, 3.0, 2.0, 0.5]])
    rng = np.random.default_rng(0)
    assert pick_apart(keys, windows, 9, rng) == [(5.0, (0, 1, 1, 3)), (2.0, (0, 4, 1, 3))]
    assert pick_apart(keys, windows, 1, rng) == [(5.0, (0, 1, 1, 3))]
    assert [key for key, _ in pick_highest(keys, windows, 3, rng)] == [5.0, 4.0, 3.0]


def test_a_window_that_others_cover_is_left_out() -> None:
    windows = lay((1, 5), region_of(3, 1))
    keys = np.array([[3.0, 1.0, 2.0]])  # the middle one lies in the union of its neighbors
    chosen = pick_highest(keys, windows, 3, np.random.default_rng(0))
    assert [key for key, _ in chosen] == [3.0, 2.0]
    bought = [(0, 0, 1, 3)]
    assert [k for k, _ in pick_highest(keys, windows, 3, np.random.default_rng(0), bought)] == [2.0]


@pytest.mark.parametrize("pick", [pick_apart, pick_highest])
def test_ties_fall_anywhere(pick: object) -> None:
    windows = lay((8, 8), region_of(2, 1))
    keys = np.zeros((7, 7))
    first = {
        pick(keys, windows, 1, np.random.default_rng(seed))[0][1]  # type: ignore[operator]
        for seed in range(40)
    }
    assert len(first) > 15


@pytest.mark.parametrize("pick", [pick_apart, pick_highest])
def test_what_is_not_for_sale_is_not_chosen(pick: object) -> None:
    windows = lay((2, 4), region_of(2, 2))
    keys = np.array([[-np.inf, -5.0]])
    chosen = pick(keys, windows, 9, np.random.default_rng(0))  # type: ignore[operator]
    assert chosen == [(-5.0, (0, 2, 2, 2))]
