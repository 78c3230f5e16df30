import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.scribbles import centerline, crossing, draw, stroke


def test_a_centerline_runs_along_the_middle_from_end_to_end() -> None:
    bar = np.ones((3, 30), bool)
    path = centerline(bar)
    assert set(path[2:-2, 0].tolist()) == {1}
    assert abs(path[-1, 1] - path[0, 1]) >= 26
    dot = np.ones((1, 1), bool)
    assert centerline(dot).tolist() == [[0, 0]]
    assert len(centerline(np.ones((2, 2), bool))) >= 1


def test_a_centerline_takes_the_longest_way_through_a_fork() -> None:
    fork = np.zeros((12, 40), bool)
    fork[5, :] = True
    fork[5:9, 12] = True  # a short side branch
    columns = centerline(fork)[:, 1]
    assert {int(columns.min()), int(columns.max())} == {0, 39}


def test_a_crossing_keeps_away_from_what_it_passes() -> None:
    area = np.ones((31, 31), bool)
    area[10:21, 14:17] = False
    for seed in range(5):
        path = crossing(area, np.random.default_rng(seed))
        assert area[tuple(path.T)].all()
        assert len(path) > 15
        beside = np.zeros_like(area)
        beside[9:22, 13:18] = True
        assert beside[tuple(path[2:-2].T)].sum() <= 2


@given(st.integers(0, 10_000))
def test_a_stroke_is_one_line_inside_its_area(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = ndimage.gaussian_filter(rng.normal(size=(40, 40)), 3)
    parts, count = ndimage.label(noise > 0.02, np.ones((3, 3)))
    if not count:
        return
    area = parts == 1
    drawn = stroke(area, centerline(area), rng)
    assert drawn.any()
    assert not (drawn & ~area).any()


@pytest.mark.parametrize("seed", range(3))
def test_objects_and_background_are_each_stroked_once(seed: int) -> None:
    mask = np.zeros((48, 48), np.uint8)
    mask[5:10, 5:40] = 1
    mask[20:40, 20:40] = 2
    mask[:, 47] = IGNORE
    drawing = draw(mask, np.random.default_rng(seed))
    assert drawing.marks == 3
    labeled = drawing.target != IGNORE
    assert (drawing.target == mask)[labeled].all()
    assert 18 <= (drawing.target == 1).sum() <= 60  # 60 % of 31 pixels at least
    assert (drawing.target == 0).sum() > 20
    again = draw(mask, np.random.default_rng(seed))
    other = draw(mask, np.random.default_rng(seed + 1))
    assert np.array_equal(drawing.target, again.target)
    assert not np.array_equal(drawing.target, other.target)


def test_an_image_without_objects_gets_one_long_stroke() -> None:
    drawing = draw(np.zeros((40, 60), np.uint8), np.random.default_rng(0))
    assert drawing.marks == 1
    assert (drawing.target == 0).sum() > 20
    assert set(np.unique(drawing.target).tolist()) == {0, IGNORE}


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    drawing = draw(np.full((8, 8), IGNORE, np.uint8), np.random.default_rng(0))
    assert drawing.marks == 0
    assert (drawing.target == IGNORE).all()
