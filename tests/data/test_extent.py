import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.data.extent import extents
from frugalseg.data.fit import pad
from frugalseg.data.sample import IGNORE


def index(height: int, width: int, size: tuple[int, int]) -> pd.DataFrame:
    sides = {"height": [height], "width": [width]}
    return pd.DataFrame(sides | {"stack_height": [size[0]], "stack_width": [size[1]]})


@given(st.integers(1, 99), st.integers(1, 99))
def test_padding_begins_where_the_mask_says(height: int, width: int) -> None:
    image, mask = np.zeros((height, width, 1), np.uint8), np.zeros((height, width), np.uint8)
    _, padded = pad(image, mask, (32, 48))
    real = padded != IGNORE
    found = extents(index(height, width, (32, 48)), "pad").iloc[0]
    assert found["height"] == real.any(axis=1).sum()
    assert found["width"] == real.any(axis=0).sum()


def test_a_stretched_image_has_no_padding() -> None:
    assert extents(index(9, 7, (32, 48)), "stretch").iloc[0].tolist() == [32, 48]
