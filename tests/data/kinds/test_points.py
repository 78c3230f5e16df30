import numpy as np
import pytest

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.points import BACKGROUND, depth, draw


def test_depth_counts_pixels_to_the_rim_of_an_area_and_of_the_array() -> None:
    area = np.ones((3, 5), bool)
    assert depth(area).tolist() == [[1, 1, 1, 1, 1], [1, 2, 2, 2, 1], [1, 1, 1, 1, 1]]


@pytest.mark.parametrize("seed", range(5))
def test_every_object_gets_a_point_in_its_middle_and_the_background_a_few(seed: int) -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[2:7, 2:7] = 1  # depth 3 in its center, 2 around it: those nine pixels are in the middle
    mask[12, 4:16] = 2
    mask[:, 19] = IGNORE
    drawing = draw(mask, np.random.default_rng(seed))
    assert drawing.marks == 2 + BACKGROUND
    labeled = drawing.target != IGNORE
    assert labeled.sum() == drawing.marks
    assert (drawing.target == mask)[labeled].all()
    assert (drawing.target[3:6, 3:6] == 1).sum() == (drawing.target == 1).sum() == 1
    assert (drawing.target == 2).sum() == 1
    near = np.zeros((20, 20), bool)
    near[1:8, 1:8] = near[11:14, 3:17] = True
    assert not (near & (drawing.target == 0)).any()


def test_a_small_background_gets_fewer_points_and_none_gets_none() -> None:
    mask = np.ones((4, 4), np.uint8)
    assert draw(mask, np.random.default_rng(0)).marks == 1
    mask[0, 0] = 0  # next to the object, but there is nothing else
    drawing = draw(mask, np.random.default_rng(0))
    assert drawing.marks == 2
    assert drawing.target[0, 0] == 0
