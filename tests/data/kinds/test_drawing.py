import numpy as np

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.drawing import objects


def test_objects_are_the_parts_of_a_class_that_touch_at_an_edge_or_a_corner() -> None:
    mask = np.array(
        [
            [1, 0, 0, 0, IGNORE],
            [0, 1, 0, 2, 2],
            [0, 0, 0, 0, 0],
            [1, 0, 0, 0, 2],
        ],
        np.uint8,
    )
    found = [
        (value, rows, columns, area.tolist()) for value, (rows, columns), area in objects(mask)
    ]
    assert found == [
        (1, slice(0, 2), slice(0, 2), [[True, False], [False, True]]),
        (1, slice(3, 4), slice(0, 1), [[True]]),
        (2, slice(1, 2), slice(3, 5), [[True, True]]),
        (2, slice(3, 4), slice(4, 5), [[True]]),
    ]
    assert list(objects(np.full((2, 2), IGNORE, np.uint8))) == []
