from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.boxes import Box, area, new_pixels, overlap

SIDES = st.integers(0, 8), st.integers(0, 8), st.integers(1, 6), st.integers(1, 6)
BOXES = st.tuples(*SIDES)


def pixels(box: Box) -> set[tuple[int, int]]:
    y, x, height, width = box
    return {(y + i, x + j) for i in range(height) for j in range(width)}


def test_boxes_that_touch_share_no_pixel() -> None:
    assert not overlap((0, 0, 2, 2), (0, 2, 2, 2))
    assert overlap((0, 0, 2, 3), (1, 2, 5, 5))
    assert area((5, 6, 2, 3)) == 6


@given(BOXES, st.lists(BOXES, max_size=4))
def test_new_pixels_are_those_of_a_set(box: Box, bought: list[Box]) -> None:
    known = set().union(*map(pixels, bought)) if bought else set()
    assert new_pixels(box, bought) == len(pixels(box) - known)
    assert all(overlap(box, other) == bool(pixels(box) & pixels(other)) for other in bought)
