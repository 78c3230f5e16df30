import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.drawn import Drawings, draw
from frugalseg.data.kinds import KINDS

MASK = np.zeros((24, 24), np.uint8)
MASK[4:12, 4:20] = 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_depends_on_image_kind_and_mask_alone(kind: str) -> None:
    before = MASK.copy()
    drawing = draw(kind, "a", MASK)
    assert np.array_equal(draw(kind, "a", MASK).target, drawing.target)
    assert np.array_equal(MASK, before)
    assert drawing.target.dtype == np.uint8


def test_people_do_not_draw_the_same_on_every_image() -> None:
    assert not np.array_equal(draw("points", "a", MASK).target, draw("points", "b", MASK).target)


def test_an_unknown_kind_names_those_that_exist() -> None:
    with pytest.raises(FrugalsegError, match="Unknown kind of label 'scribble'. Did you mean"):
        draw("scribble", "a", MASK)


def test_drawings_are_those_that_were_bought_and_are_made_once() -> None:
    index = pd.DataFrame({"row": [3, 5, 7], "image_id": ["a", "b", "c"]})
    ledger = pd.DataFrame({"image_id": ["a", "b", "c"], "unit": ["boxes", "image", "points"]})
    drawings = Drawings(index, ledger)
    assert [row in drawings for row in (3, 5, 7)] == [True, False, True]
    first = drawings.get(3, MASK)
    assert np.array_equal(first.target, draw("boxes", "a", MASK).target)
    assert first.boxes == ((1, (4, 4, 8, 16)),)
    again = drawings.get(3, np.zeros_like(MASK))  # kept: the mask is not looked at again
    assert np.array_equal(again.target, first.target)
