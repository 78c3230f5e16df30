import numpy as np

from frugalseg.core.constants import IGNORE
from frugalseg.data.kinds.boxes import draw

U = IGNORE
MASK = np.array(
    [
        [U, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 2],
    ],
    np.uint8,
)


def test_a_box_hides_what_lies_in_it_and_the_rest_is_background() -> None:
    drawing = draw(MASK, np.random.default_rng(0))
    assert drawing.marks == 2
    assert drawing.boxes == ((1, (1, 1, 2, 2)), (2, (3, 4, 1, 1)))
    assert drawing.target.tolist() == [
        [U, 0, 0, 0, 0],
        [0, U, U, 0, 0],
        [0, U, U, 0, 0],
        [0, 0, 0, 0, U],
    ]


def test_an_image_without_objects_is_background() -> None:
    drawing = draw(np.zeros((3, 3), np.uint8), np.random.default_rng(0))
    assert (drawing.marks, drawing.boxes) == (0, ())
    assert not drawing.target.any()


def test_only_the_box_of_an_object_has_influence() -> None:
    full = MASK.copy()
    full[1:3, 1:3] = 1
    one, other = (draw(mask, np.random.default_rng(0)) for mask in (MASK, full))
    assert np.array_equal(one.target, other.target)
    assert one.boxes == other.boxes
